import type { Observed } from '../../src/controllers/roles/decide.ts';
import type { Assignment } from '../../src/state/assignment.ts';
import type { ClusterSpec } from '../../src/state/cluster-spec.ts';
import type { Liveness } from '../../src/state/liveness.ts';
import type { Node } from '../../src/state/node.ts';
import type { Status } from '../../src/state/status.ts';
import { entry, id, liveness, node, spec, status } from './controllers-entries.ts';

/** After whatever was assigned before. */
export const TERM = 200;

export interface NodeInCluster {
  readonly node?: Partial<Node>;
  readonly verdict?: Liveness['verdict'];
  readonly assignment?: Assignment;
  /** Revision of the assignment; by default one before the term of the leader. */
  readonly assignedAt?: number;
  /** By default the node waits for a role; null: it never reported. */
  readonly status?: Status | null;
}

/** What the leader of term 200 sees of n1, n2 … in the order given; its log has worked for a minute. */
export function cluster(
  nodes: readonly NodeInCluster[],
  wanted: Partial<ClusterSpec> = {},
): Observed {
  const numbered = nodes.map((each, index) => ({ ...each, number: index + 1 }));
  return {
    term: TERM,
    leadership: {
      kind: 'leadership',
      key: 'current',
      value: { nodeId: id(1), incarnation: 1 },
      revision: TERM,
    },
    watchedMs: 60_000,
    spec: spec(wanted),
    firstControlPlane: id(1),
    nodes: numbered.map((each) => entry('node', node(each.number, each.node), each.number)),
    livenesses: numbered.map(({ number, verdict = 'alive', node: overrides }) =>
      entry('liveness', liveness(number, { verdict, incarnation: overrides?.incarnation ?? 1 })),
    ),
    assignments: numbered.flatMap(({ number, assignment, assignedAt = 100 + number }) =>
      assignment ? [entry('assignment', assignment, assignedAt)] : [],
    ),
    statuses: numbered.flatMap((each) =>
      each.status === null ? [] : [entry('status', each.status ?? status(each.number))],
    ),
    operations: [],
    departures: [],
    requests: [],
    plans: [],
    approvals: [],
    deadForMs: new Map(),
    missedForMs: new Map(),
  };
}
