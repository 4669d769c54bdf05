import { controllerManagerWorks, isAtWork, servedCluster } from '../api-access.ts';
import { heldFor } from '../held-for.ts';
import { manifestPath } from '../paths.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { readFile } from '../simulated-disk.ts';
import { TIMINGS } from '../timings.ts';
import { wallOf } from '../wall-of.ts';
import { poweredHosts, record, type WorldState } from '../world-state.ts';
import { nextPodCidr } from './pod-cidrs.ts';

/** Elects the controller manager that works, and lets it do what the simulation needs: pod networks, old tokens. */
export function runControllerManagers(world: WorldState): void {
  for (const cluster of world.clusters.values()) {
    elect(world, cluster);
    if (!controllerManagerWorks(world, cluster)) continue;
    allocatePodCidrs(world, cluster);
    cleanTokens(world, cluster);
  }
}

/** A flag of the controller manager at work. */
export function controllerManagerFlag(world: WorldState, cluster: SimulatedCluster, name: string) {
  const host = world.hosts.get(cluster.controllerManager ?? '');
  const manifest = host && readFile(host.disk, manifestPath('kube-controller-manager'));
  return manifest?.match(new RegExp(`--${name}=(\\S+)`))?.[1];
}

function elect(world: WorldState, cluster: SimulatedCluster): void {
  const candidate = poweredHosts(world).find(
    (host) =>
      isAtWork(world, host, 'kube-controller-manager') && servedCluster(world, host) === cluster,
  );
  const vacant = candidate !== undefined && !controllerManagerWorks(world, cluster);
  const first = cluster.controllerManager === undefined;
  const waitMs = first ? TIMINGS.controllerManagerStartMs : TIMINGS.controllerManagerFailoverMs;
  if (!heldFor(world, `controller manager ${cluster.id}`, vacant, waitMs)) return;
  cluster.controllerManager = candidate?.name;
  world.changes += 1;
}

function allocatePodCidrs(world: WorldState, cluster: SimulatedCluster): void {
  const podSubnet = controllerManagerFlag(world, cluster, 'cluster-cidr');
  if (podSubnet === undefined) return;
  for (const node of cluster.nodes.values()) {
    if (node.podCidr !== null) continue;
    const taken = [...cluster.nodes.values()].map(({ podCidr }) => podCidr);
    node.podCidr = nextPodCidr(podSubnet, taken);
    if (node.podCidr === null) return;
    world.changes += 1;
  }
}

function cleanTokens(world: WorldState, cluster: SimulatedCluster): void {
  const host = world.hosts.get(cluster.controllerManager ?? '');
  for (const { id, expiresWallMs } of cluster.tokens.values()) {
    if (!host || expiresWallMs > wallOf(world, host)) continue;
    cluster.tokens.delete(id);
    record(world, host.name, 'token.deleted', id);
  }
}
