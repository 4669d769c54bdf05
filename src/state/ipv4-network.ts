import ipaddr from 'ipaddr.js';
import { remembered } from './remembered.ts';

/** An IPv4 network in CIDR notation. */
export interface Ipv4Network {
  /** As a number, host bits cleared. */
  readonly base: number;
  readonly prefix: number;
}

/** Undefined unless `cidr` is an IPv4 network such as `10.244.0.0/16`; host bits are cleared. */
export const parseIpv4Network = remembered((cidr): Ipv4Network | undefined => {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr)) return undefined;
  const [address, prefix] = ipaddr.IPv4.parseCIDR(cidr);
  const number = address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return { base: number - (number % 2 ** (32 - prefix)), prefix };
});

/** True when some address lies in both. */
export function networksOverlap(left: Ipv4Network, right: Ipv4Network): boolean {
  const size = 2 ** (32 - Math.min(left.prefix, right.prefix));
  return Math.floor(left.base / size) === Math.floor(right.base / size);
}

export function formatIpv4Network({ base, prefix }: Ipv4Network): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}
