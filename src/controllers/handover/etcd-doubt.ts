import { isPeerAt } from '../../state/etcd-peer.ts';
import { alarmTrouble, votersIn } from '../../state/etcd-voter.ts';
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
 * it seconds later, asks no member of etcd when it goes phase by phase. What an earlier attempt of the same
 * host left in etcd goes before the next.
 */
export function etcdTrouble(join: Join, { etcd }: Pick<Observed, 'etcd'>): string | undefined {
  if (!wantsMember(join)) return undefined;
  if (!etcd) return 'etcd does not tell who is well';
  const others = etcd.members.filter((member) => !isPeerAt(member, join.addresses));
  return alarmTrouble(etcd.alarms) ?? additionTrouble(votersIn(others));
}

/** A wait for whoever is kept from joining by that. */
export function etcdDoubt({ hostname }: Join, trouble: string): Requeue {
  const message = `${hostname} gets no keys yet: ${trouble}`;
  const waiting = { reason: 'etcd-not-healthy', message };
  return { type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting };
}
