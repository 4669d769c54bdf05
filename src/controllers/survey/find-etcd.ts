import type { EtcdHealth } from '../../ports/etcd.ts';
import { isVoterInOrder, shownMember } from '../../state/etcd-voter.ts';
import { quorumOf } from '../../state/projected-quorum.ts';
import type { Finding } from '../../state/survey.ts';
import { finding } from './finding.ts';

/** Whether etcd bears it that one member after the other is started again. */
export function findEtcd(
  health: EtcdHealth | undefined,
  snapshot: string | undefined,
): readonly Finding[] {
  const troubles = etcdTroubles(health);
  const missing = ['no snapshot of etcd was saved, as etcd is not healthy: see etcd-healthy'];
  return [
    finding('etcd-healthy', troubles, wellText(health?.members.length ?? 0)),
    finding('etcd-snapshot', snapshot ? [] : missing, `${snapshot} was saved on this host`),
  ];
}

function wellText(voters: number): string {
  if (voters === 1) return 'the only member of etcd votes, answers and is well';
  return `all ${voters} members of etcd vote, answer and are well`;
}

/** Nothing is worth a snapshot that etcd itself is not sure of. */
export function etcdTroubles(health: EtcdHealth | undefined): readonly string[] {
  if (health === undefined) return ['etcd of this host does not answer: see its log'];
  const { alarms, members } = health;
  return [
    ...alarms.map(({ kind, memberId }) => {
      return `etcd has the alarm ${kind} on member ${memberId}: cure it, then \`etcdctl alarm disarm\``;
    }),
    ...members.flatMap((member) => {
      if (member.learner) return [`${shownMember(member)} is a learner: its join has to end first`];
      if (isVoterInOrder(member)) return [];
      return [`member ${shownMember(member)} of etcd does not answer or is not well: see its log`];
    }),
    ...withoutOne(members.filter(({ learner }) => !learner).length),
  ];
}

/** A single one has no quorum to lose. */
function withoutOne(voters: number): readonly string[] {
  if (voters <= 1 || voters - 1 >= quorumOf(voters)) return [];
  return [`etcd has ${voters} voters and can not do without one: add a control plane`];
}
