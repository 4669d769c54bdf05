import ipaddr from 'ipaddr.js';

/** The controller manager's default for `--node-cidr-mask-size`. */
const NODE_PREFIX = 24;
const NODE_NETWORK_SIZE = 2 ** (32 - NODE_PREFIX);

/** The first free /24 of an IPv4 pod subnet; null when all are taken. */
export function nextPodCidr(podSubnet: string, taken: readonly (string | null)[]): string | null {
  const [network, prefix] = ipaddr.IPv4.parseCIDR(podSubnet);
  const first = network.octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const count = 2 ** Math.max(0, NODE_PREFIX - prefix);
  for (let index = 0; index < count; index += 1) {
    const cidr = `${dotted(first + index * NODE_NETWORK_SIZE)}/${NODE_PREFIX}`;
    if (!taken.includes(cidr)) return cidr;
  }
  return null;
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
