import type { ClusterSpec } from './cluster-spec.ts';
import {
  formatIpv4Network,
  type Ipv4Network,
  networksOverlap,
  parseIpv4Network,
} from './ipv4-network.ts';
import { problem, type SpecContext, type SpecProblem } from './spec-problem.ts';

/** kubeadm gives every node a /24 out of the pod subnet (kube-controller-manager's default mask). */
const NODE_PREFIX = 24;
/** kubeadm's limits: `maximumBitsForServiceSubnet` 20, `MinimumAddressesInServiceSubnet` 10. */
const LARGEST_SERVICE_PREFIX = 12;
const SMALLEST_SERVICE_PREFIX = 28;

/** What is wrong with the subnets of pods and services. */
export function networkProblems(
  { network, size }: ClusterSpec,
  { expectedNodes, hostNetworks }: SpecContext,
) {
  const pods = subnet('network.podSubnet', network.podSubnet);
  const services = subnet('network.serviceSubnet', network.serviceSubnet);
  const hosts = hostNetworks.flatMap((cidr) => parseIpv4Network(cidr) ?? []);
  return [
    ...hostBitProblems(pods),
    ...hostBitProblems(services),
    ...podSizeProblems(pods, Math.max(expectedNodes, size ?? 0)),
    ...serviceSizeProblems(services),
    ...overlapProblems(pods, services, hosts),
  ];
}

interface Subnet extends Ipv4Network {
  readonly field: string;
  readonly written: string;
}

function subnet(field: string, written: string): Subnet {
  const { base, prefix } = parseIpv4Network(written) ?? { base: 0, prefix: 0 };
  return { field, written, base, prefix };
}

function hostBitProblems(subnet: Subnet): readonly SpecProblem[] {
  const network = formatIpv4Network(subnet);
  return network === subnet.written
    ? []
    : [
        problem(
          subnet.field,
          `is ${subnet.written}, an address within a network: write ${network}`,
        ),
      ];
}

function podSizeProblems(
  { field, written, prefix }: Subnet,
  nodes: number,
): readonly SpecProblem[] {
  const room = Math.floor(2 ** (NODE_PREFIX - prefix));
  if (room >= nodes) return [];
  const wanted = NODE_PREFIX - Math.ceil(Math.log2(nodes));
  return [
    problem(
      field,
      `is ${written}, room for ${room} nodes of a /${NODE_PREFIX} each, but ${nodes} are expected: make it a /${wanted} or larger`,
    ),
  ];
}

function serviceSizeProblems({ field, written, prefix }: Subnet): readonly SpecProblem[] {
  if (prefix >= LARGEST_SERVICE_PREFIX && prefix <= SMALLEST_SERVICE_PREFIX) return [];
  return [
    problem(
      field,
      `is ${written}, which kubeadm refuses: make it a /${LARGEST_SERVICE_PREFIX} to /${SMALLEST_SERVICE_PREFIX}`,
    ),
  ];
}

function overlapProblems(pods: Subnet, services: Subnet, hosts: readonly Ipv4Network[]) {
  const problems: SpecProblem[] = [];
  if (networksOverlap(pods, services)) {
    problems.push(
      problem(
        pods.field,
        `is ${pods.written} and overlaps network.serviceSubnet ${services.written}: move one of them`,
      ),
    );
  }
  for (const { field, written, base, prefix } of [pods, services]) {
    const host = hosts.find((network) => networksOverlap({ base, prefix }, network));
    if (host)
      problems.push(
        problem(
          field,
          `is ${written} and overlaps the host's network ${formatIpv4Network(host)}: choose a network that no host is part of`,
        ),
      );
  }
  return problems;
}
