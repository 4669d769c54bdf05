import type { Action } from './action.ts';
import type { Job } from './operation-step.ts';

/** Two passes after each change: what was half written at the first one is whole at the second. */
const NEWS_MS = 1_500;

/**
 * From the promotion of its learner on, the members of etcd need this host to come back after a power
 * cut, and kubeadm does not say when that is. What the learner needs stands there seconds before.
 */
export function keepWhatEtcdNeeds({ observed, assignment }: Job): readonly Action[] {
  const joinsEtcd = assignment.task === 'join-control-plane' || assignment.task === 'promote';
  return joinsEtcd && observed.listedForMs < NEWS_MS ? [{ type: 'sync-files' }] : [];
}
