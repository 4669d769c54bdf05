import type { Entry } from '../../state/kinds.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { PlanEntries } from './plan-rollout.ts';

export interface Observed extends PlanEntries {
  /** Undefined when this agent does not lead. */
  readonly term: number | undefined;
  readonly leadership: Entry<'leadership'> | undefined;
  readonly spec: Entry<'spec'> | undefined;
  readonly release: Entry<'release'> | undefined;
  readonly orders: readonly Entry<'order'>[];
  readonly drains: readonly Entry<'drain'>[];
  readonly surveys: readonly Entry<'survey'>[];
  readonly operations: readonly Entry<'operation'>[];
  /** The newest entry of the log that was seen. */
  readonly revision: number;
  readonly wallMs: number;
  /** For how long this leader has seen each of them dead; absent: it is not. */
  readonly deadForMs: ReadonlyMap<NodeId, number>;
  /** The same of those that are not heard, dead or not. */
  readonly missedForMs: ReadonlyMap<NodeId, number>;
  /** Why certificates must not be judged by the wall clock of this host; absent: they may. */
  readonly clockTrouble?: string;
  /** For how long this leader has known what was told last of certificates. */
  readonly certificatesToldForMs: number;
  /** Looks in a row at which every control plane was whole, since the last one was touched. */
  readonly wholeLooks: number;
}
