import type { EtcdHealth } from '../../ports/etcd.ts';
import { isPeerAt } from '../../state/etcd-peer.ts';
import { removalTrouble } from '../../state/projected-quorum.ts';
import type { Departing } from './observed.ts';

export type HealthyMember = EtcdHealth['members'][number];

/**
 * Why this member must not be removed now, in a sentence; undefined when it may be, or is gone. Asked
 * of the same health that the decision rests on, and of a fresh one right before the call.
 */
export function removalTroubleOf(health: EtcdHealth, memberId: string): string | undefined {
  const [alarm] = health.alarms;
  if (alarm) return `etcd has the alarm ${alarm.kind}`;
  const voters = health.members
    .filter(({ learner }) => !learner)
    .map((member) => ({ name: shown(member), healthy: isVoterInOrder(member) }));
  const leaving = health.members.find(({ id }) => id === memberId);
  return leaving && removalTrouble(voters, shown(leaving));
}

/** Why a machine that was found dead must be taken to live: its etcd answers. */
export function etcdBeat(
  { life, addresses }: Pick<Departing, 'life' | 'addresses'>,
  { members }: EtcdHealth,
): string | undefined {
  const answering = members.find((each) => each.status && isPeerAt(each, addresses));
  if (life !== 'dead' || answering === undefined) return undefined;
  return `member ${shown(answering)} of etcd answers`;
}

/** A voter that answers for itself, knows the leader and complains of nothing. */
export function isVoterInOrder({ id, learner, status }: HealthyMember): boolean {
  if (learner || status === undefined) return false;
  return status.id === id && status.leaderId !== null && status.errors.length === 0;
}

/** Two members may have one name; no two have one id. */
export function shown({ id, name }: Pick<HealthyMember, 'id' | 'name'>): string {
  return `${name || 'unnamed'} (${id})`;
}
