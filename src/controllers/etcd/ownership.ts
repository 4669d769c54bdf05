import type { EtcdMember } from '../../ports/etcd.ts';
import { isPeerAt } from '../../state/etcd-peer.ts';
import type { Intent } from './observed.ts';

type Host = Pick<Intent, 'hostname' | 'addresses'>;

/** Whether a member is of that host: by address, and once it has started by name too. */
export function isMemberOf(member: Pick<EtcdMember, 'name' | 'peerUrls'>, host: Host): boolean {
  return isPeerAt(member, host.addresses) || member.name === host.hostname;
}

/** The member of that host by its name, where it is listed at none of the host's addresses. */
export function movedMember<M extends Pick<EtcdMember, 'name' | 'peerUrls'>>(
  { hostname, addresses }: Host,
  members: readonly M[],
): M | undefined {
  const member = members.find(({ name }) => name === hostname);
  return member && isPeerAt(member, addresses) ? undefined : member;
}

/** A learner for which no operation is under way: it keeps everybody else from joining (one at a time). */
export function isOrphan(member: EtcdMember, intents: readonly Intent[]): boolean {
  return member.learner && !intents.some((intent) => isMemberOf(member, intent));
}
