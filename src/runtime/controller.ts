import type { Ports } from '../ports/index.ts';
import type { Kind } from '../state/kinds.ts';
import type { Requeue } from '../state/requeue.ts';

export type Turn = 'cluster-change';

/**
 * One concern: observe, decide (pure), act. `leader` controllers run only on the agent that holds
 * the leader lease, `node` controllers on every node.
 */
export interface Controller<Observed, Action extends { readonly type: string }> {
  readonly name: string;
  readonly scope: 'leader' | 'node';
  /** Kinds whose change triggers a pass. */
  readonly inputs: readonly Kind[];
  /** Kinds that only this controller writes; a second owner is refused at start-up. */
  readonly outputs: readonly Kind[];

  /**
   * Controllers of one turn never run a pass at the same time on one agent: what one of them decides,
   * the next one sees. For those that must not change the cluster in two places at once (S6).
   */
  readonly turn?: Turn;

  /**
   * Types of actions that are carried out although the log holds what this version can not read, as
   * long as that is of none of the `inputs` (S25). Default: none. Only for what brings the log itself
   * back, by which alone such an entry can go.
   */
  readonly despiteUnread?: readonly Action['type'][];

  /**
   * How often it looks by itself once all has been in order for a minute and the log is heard; default
   * 10 s. Longer for who hears by the log of what matters to it, or of whom nobody expects to notice
   * the rest at once.
   */
  readonly settledLookMs?: number;

  /** What is wanted and what is true, read afresh on every pass. */
  observe(ports: Ports): Promise<Observed>;
  /** Pure: the same argument always gives the same actions, in order. A healthy world gives none. */
  decide(observed: Observed): readonly (Action | Requeue)[];
  /** Carries out one action. Safe to repeat: a crash replays it. */
  act(action: Action, ports: Ports): Promise<void>;
}
