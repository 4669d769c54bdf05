import type { EtcdHealth } from '../../ports/etcd.ts';
import { isPeerAt } from '../../state/etcd-peer.ts';
import { isVoterInOrder, shownMember } from '../../state/etcd-voter.ts';
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
    .map((member) => ({ name: shownMember(member), healthy: isVoterInOrder(member) }));
  const leaving = health.members.find(({ id }) => id === memberId);
  return leaving && removalTrouble(voters, shownMember(leaving));
}

/** Why a machine that was found dead must be taken to live: its etcd answers. */
export function etcdBeat(
  { life, addresses }: Pick<Departing, 'life' | 'addresses'>,
  { members }: EtcdHealth,
): string | undefined {
  const answering = members.find((each) => each.status && isPeerAt(each, addresses));
  if (life !== 'dead' || answering === undefined) return undefined;
  return `member ${shownMember(answering)} of etcd answers`;
}
