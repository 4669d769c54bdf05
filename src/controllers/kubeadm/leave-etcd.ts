import { RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import { isPeerAt } from '../../state/etcd-peer.ts';

/**
 * Removes this host's own member; nothing when it is none. `kubeadm reset` does that only for a host
 * whose Node is registered, and empties the data of etcd in any case: of two voters that would leave
 * one without a quorum for good.
 */
export async function leaveEtcd({ etcd, self }: Ports): Promise<void> {
  const members = (await etcd.members()) ?? [];
  const own = members.find((member) => isPeerAt(member, self.record.addresses));
  if (!own) return;
  const change = await etcd.removeMember(own.id);
  if (change.outcome === 'done') return;
  throw new RetryableError(
    'kubeadm.etcd-not-left',
    `the member of ${self.record.hostname} can not leave etcd before its host is cleaned (${change.text}): bring the other control planes back`,
  );
}
