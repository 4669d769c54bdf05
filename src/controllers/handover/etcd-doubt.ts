import type { EtcdHealth } from '../../ports/etcd.ts';
import { isPeerAt } from '../../state/etcd-peer.ts';
import { isVoterInOrder, shownMember } from '../../state/etcd-voter.ts';
import { additionTrouble } from '../../state/projected-quorum.ts';
import type { Requeue } from '../../state/requeue.ts';
import type { Join, Observed } from './observed.ts';

const LOOK_AGAIN_MS = 2_000;

/** Whether all that this join lacks are keys that let it add a member to etcd. */
export function wantsMember({ task, awaitsKeys }: Join): boolean {
  return awaitsKeys && task === 'join-control-plane';
}

/**
 * Why nobody may get the keys now that let it add a member to etcd, in a sentence (S5). kubeadm, which adds
 * it seconds later, asks no member of etcd when it goes phase by phase.
 */
export function etcdTrouble(join: Join, { etcd }: Pick<Observed, 'etcd'>): string | undefined {
  if (!wantsMember(join)) return undefined;
  return etcd ? troubleOf(join, etcd) : 'etcd does not tell who is well';
}

/** A wait that names what is wrong with etcd, for whoever is kept from joining by it. */
export function etcdDoubt(observed: Observed, awaiting: readonly Join[]): readonly Requeue[] {
  const [message] = awaiting.flatMap((join) => {
    const trouble = etcdTrouble(join, observed);
    return trouble === undefined ? [] : [`${join.hostname} gets no keys yet: ${trouble}`];
  });
  if (message === undefined) return [];
  const waiting = { reason: 'etcd-not-healthy', message };
  return [{ type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting }];
}

/** What an earlier attempt of the same host left in etcd goes before the next. */
function troubleOf({ addresses }: Join, { members, alarms }: EtcdHealth): string | undefined {
  const [alarm] = alarms;
  if (alarm) return `etcd has the alarm ${alarm.kind}`;
  const voters = members
    .filter((member) => !member.learner && !isPeerAt(member, addresses))
    .map((member) => ({ name: shownMember(member), healthy: isVoterInOrder(member) }));
  return additionTrouble(voters);
}
