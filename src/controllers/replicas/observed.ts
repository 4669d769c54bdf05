import type { LogGroups } from '../../ports/log-peers.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Replicas } from '../../state/replicas.ts';

export interface Observed {
  /** Undefined when this agent does not lead. */
  readonly term: number | undefined;
  /** Undefined until there is a spec. */
  readonly graceMs: number | undefined;
  readonly facts: ReadonlyMap<NodeId, NodeFacts>;
  /** For how long this leader has seen each of them dead. */
  readonly deadForMs: ReadonlyMap<NodeId, number>;
  readonly replicas: Replicas;
  /** Of the entry that holds them; 0: they are where genesis put them. */
  readonly revision: number;
  /** Undefined: not asked, or not every group has a leader that a majority of it listens to. */
  readonly groups: LogGroups | undefined;
  /** How long ago each server was last to give up its buckets. */
  readonly evacuatedMs: ReadonlyMap<string, number>;
}
