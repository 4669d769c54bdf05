/** Whether a member of etcd is of the host with these addresses. A member that never started has no name to go by. */
export function isPeerAt(
  { peerUrls }: { readonly peerUrls: readonly string[] },
  addresses: readonly string[],
): boolean {
  return addresses.some((address) =>
    peerUrls.some((url) => url.includes(`//${address}:`) || url.includes(`//[${address}]:`)),
  );
}
