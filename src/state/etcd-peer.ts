/** kubeadm's port for peers of etcd (its constants package, EtcdListenPeerPort). */
const PEER_PORT = 2_380;

/** Whether a member of etcd is of the host with these addresses. A member that never started has no name to go by. */
export function isPeerAt(
  { peerUrls }: { readonly peerUrls: readonly string[] },
  addresses: readonly string[],
): boolean {
  return addresses.some((address) =>
    peerUrls.some((url) => url.includes(`//${address}:`) || url.includes(`//[${address}]:`)),
  );
}

/** Where a host with this address takes peers of etcd, as kubeadm sets it up. */
export function peerUrlAt(address: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `https://${host}:${PEER_PORT}`;
}
