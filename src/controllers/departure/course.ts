import type { WaitReason } from '../../state/status.ts';
import type { Action } from './action.ts';
import type { ClusterSight, Observed, SponsoredDeparture } from './observed.ts';

/** What is to be done now, and what keeps the rest from being done. */
export interface Step {
  readonly actions: readonly Action[];
  readonly waiting?: WaitReason;
}

/** All that a departure is decided from, once Kubernetes and etcd were seen. */
export type Situation = Omit<SponsoredDeparture, 'cluster'> &
  ClusterSight &
  Pick<Observed, 'addresses' | 'drainTimeoutMs' | 'keeps'>;

/** One part of a departure: undefined when there is nothing left of it to do. */
export type Part = (situation: Situation) => Step | undefined;

/** The parts one after another: none begins before those before it are done. */
export function inOrder(parts: readonly Part[], situation: Situation): Step | undefined {
  for (const part of parts) {
    const step = part(situation);
    if (step) return step;
  }
  return undefined;
}

export function waitFor(waiting: WaitReason): Step {
  return { actions: [], waiting };
}
