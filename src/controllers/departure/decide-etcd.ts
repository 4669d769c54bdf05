import type { EtcdHealth } from '../../ports/etcd.ts';
import { ETCD_NOT_HEALTHY } from '../../state/departure.ts';
import { isPeerAt } from '../../state/etcd-peer.ts';
import { isVoterInOrder, shownMember } from '../../state/etcd-voter.ts';
import { type Part, waitFor } from './course.ts';
import { type HealthyMember, removalTroubleOf } from './etcd-removal.ts';
import type { Departing } from './observed.ts';

type Member = EtcdHealth['members'][number];

/** With an alarm etcd takes no writes, or can not be trusted: then nothing is changed at all. */
export const trustEtcd: Part = ({ health }) => {
  const trouble = alarmTrouble(health);
  return trouble === undefined
    ? undefined
    : waitFor({ reason: ETCD_NOT_HEALTHY, message: trouble });
};

/** No member at the addresses of the departing host, one at a time: voters and learners alike. */
export const leaveEtcd: Part = ({ of, health, addresses, elsewhere }) => {
  const member = health.members.find((each) => isPeerAt(each, of.addresses));
  if (member === undefined) return noStray(of, health, elsewhere);
  const message = removalTroubleOf(health, member.id);
  if (message !== undefined) return waitFor({ reason: ETCD_NOT_HEALTHY, message });
  const heir = leads(member, health) ? heirOf(member, health, addresses) : undefined;
  if (heir) return { actions: [{ type: 'move-leader', of, toId: heir.id }] };
  return {
    actions: [
      { type: 'save-snapshot', of, memberId: member.id },
      { type: 'remove-member', of, memberId: member.id },
    ],
  };
};

/** Whose member has only the name of the host, nobody knows: its host may have another address by now. */
function noStray(
  { hostname, addresses }: Departing,
  health: EtcdHealth,
  elsewhere: readonly string[],
) {
  const known = [...addresses, ...elsewhere];
  const stray = health.members.find((each) => each.name === hostname && !isPeerAt(each, known));
  if (stray === undefined) return undefined;
  const message = `member ${shownMember(stray)} of etcd has the name of ${hostname} and the address of no node (${stray.peerUrls.join(', ')}): correct it with \`etcdctl member update\`, or remove it`;
  return waitFor({ reason: 'contradiction', message });
}

/** A leader that does not answer is none for long. */
function leads({ id, status }: Member, { members }: EtcdHealth): boolean {
  return status !== undefined && members.some((each) => each.status?.leaderId === id);
}

function heirOf(
  leaving: Member,
  { members }: EtcdHealth,
  addresses: readonly string[],
): HealthyMember | undefined {
  const heirs = members.filter((each) => each.id !== leaving.id && isVoterInOrder(each));
  return heirs.find((each) => isPeerAt(each, addresses)) ?? heirs[0];
}

function alarmTrouble({ alarms, members }: EtcdHealth): string | undefined {
  const [alarm] = alarms;
  if (alarm === undefined) return undefined;
  const { memberId, kind } = alarm;
  const member = members.find(({ id }) => id === memberId);
  return `etcd has the alarm ${kind} on member ${member ? shownMember(member) : memberId}: nothing is changed until it is cured and disarmed`;
}
