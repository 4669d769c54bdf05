import type { Assignment } from '../../src/state/assignment.ts';
import type { Liveness } from '../../src/state/liveness.ts';
import type { Node } from '../../src/state/node.ts';
import type { NodeFacts } from '../../src/state/node-facts.ts';
import type { Status } from '../../src/state/status.ts';
import { entry, liveness, node, status } from './controllers-entries.ts';

export interface FactsOverrides {
  readonly node?: Partial<Node>;
  readonly revision?: number;
  readonly liveness?: Partial<Liveness> | null;
  readonly status?: Status | null;
  readonly assignment?: Assignment;
  readonly departed?: boolean;
  readonly leaving?: boolean;
}

/** A living node without a role whose host is ready, unless told otherwise; null leaves a part out. */
export function facts(number: number, overrides: FactsOverrides = {}): NodeFacts {
  const { assignment } = overrides;
  return {
    node: node(number, overrides.node),
    revision: overrides.revision ?? number,
    liveness: overrides.liveness === null ? undefined : liveness(number, overrides.liveness),
    status: overrides.status === null ? undefined : (overrides.status ?? status(number)),
    assignment: assignment && entry('assignment', assignment),
    departed: overrides.departed ?? false,
    leaving: overrides.leaving ?? false,
  };
}
