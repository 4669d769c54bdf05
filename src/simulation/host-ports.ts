import type { HostPorts } from '../ports/index.ts';
import { simulatedBalancer } from './ports/balancer.ts';
import { simulatedCertificates } from './ports/certificates.ts';
import { simulatedEtcd } from './ports/etcd.ts';
import { simulatedHost } from './ports/host.ts';
import { simulatedHostFiles } from './ports/host-files.ts';
import { simulatedKube } from './ports/kube.ts';
import { simulatedOperations } from './ports/operations.ts';
import { simulatedPodNetwork } from './ports/pod-network.ts';
import { simulatedReleases } from './ports/releases.ts';
import { hostNamed, type WorldState } from './world-state.ts';

/**
 * The ports of one simulated host, as an agent on it would hold them. They outlive power cuts: while
 * the host has no power every call rejects with RetryableError `simulation.powered-off`.
 */
export function simulatedHostPorts(world: WorldState, hostName: string): HostPorts {
  hostNamed(world, hostName);
  return {
    balancer: simulatedBalancer(world, hostName),
    certificates: simulatedCertificates(world, hostName),
    etcd: simulatedEtcd(world, hostName),
    files: simulatedHostFiles(world, hostName),
    host: simulatedHost(world, hostName),
    kube: simulatedKube(world, hostName),
    operations: simulatedOperations(world, hostName),
    podNetwork: simulatedPodNetwork(world, hostName),
    releases: simulatedReleases(world, hostName),
  };
}
