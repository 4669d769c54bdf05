import { networkInterfaces } from 'node:os';

/** Interfaces that containers and bridges make; their addresses mean nothing to other machines. */
const INNER_INTERFACE = /^(cni|docker|veth|br-|virbr|flannel|cali|kube-|nodelocaldns|lxc)/;

export interface HostAddress {
  readonly address: string;
  /** The network it belongs to, e.g. 10.88.0.1/24. */
  readonly cidr: string;
}

/** IPv4 addresses under which other machines may reach this one, in the kernel's order. */
export function hostAddresses(): readonly HostAddress[] {
  return Object.entries(networkInterfaces())
    .filter(([name]) => !INNER_INTERFACE.test(name))
    .flatMap(([, infos]) => infos ?? [])
    .filter(({ family, internal, address }) => {
      return family === 'IPv4' && !internal && !address.startsWith('169.254.');
    })
    .flatMap(({ address, cidr }) => (cidr === null ? [] : [{ address, cidr }]));
}
