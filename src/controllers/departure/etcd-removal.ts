import type { EtcdHealth } from '../../ports/etcd.ts';
import { isPeerAt } from '../../state/etcd-peer.ts';
import { alarmTrouble, shownMember, votersIn } from '../../state/etcd-voter.ts';
import { removalTrouble } from '../../state/projected-quorum.ts';
import type { Departing } from './observed.ts';

export type HealthyMember = EtcdHealth['members'][number];

/**
 * Why this member must not be removed now, in a sentence; undefined when it may be, or is gone. Asked
 * of the same health that the decision rests on, and of a fresh one right before the call.
 */
export function removalTroubleOf(health: EtcdHealth, memberId: string): string | undefined {
  const leaving = health.members.find(({ id }) => id === memberId);
  return (
    alarmTrouble(health.alarms) ??
    (leaving && removalTrouble(votersIn(health.members), shownMember(leaving)))
  );
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
