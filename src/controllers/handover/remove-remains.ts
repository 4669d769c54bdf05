import { RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import type { Remains } from './observed.ts';

/** Safe to repeat: what is gone already, or is another one's by now, is no concern. */
export async function removeRemains(
  { node, memberId }: Remains,
  { etcd, kube }: Ports,
): Promise<void> {
  if (memberId !== undefined) await removeMember(memberId, etcd);
  if (node !== undefined) await kube.deleteNode(node.name, node.uid);
}

async function removeMember(id: string, etcd: Ports['etcd']): Promise<void> {
  const change = await etcd.removeMember(id);
  const members = change.outcome === 'done' ? [] : ((await etcd.members()) ?? []);
  if (change.outcome === 'done' || !members.some((member) => member.id === id)) return;
  throw new RetryableError(
    'handover.member-stays',
    `etcd does not let go of member ${id}, which a failed join left (${change.text}): bring the other control planes back`,
  );
}
