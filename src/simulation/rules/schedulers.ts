import { isAtWork, servedCluster } from '../api-access.ts';
import { takesWrites } from '../etcd-cluster.ts';
import { heldFor } from '../held-for.ts';
import type { SimulatedCluster, SimulatedNode } from '../simulated-cluster.ts';
import { TIMINGS } from '../timings.ts';
import type { SimulatedPod } from '../workloads/simulated-pod.ts';
import { poweredHosts, type WorldState } from '../world-state.ts';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** Binds pods to Ready nodes that are not cordoned and whose taints they tolerate. */
export function schedulePods(world: WorldState): void {
  for (const cluster of world.clusters.values()) {
    const pending = [...cluster.pods.values()].filter(({ node, terminating }) => {
      return node === null && !terminating;
    });
    if (pending.length === 0 || !takesWrites(cluster) || !schedulerWorks(world, cluster)) continue;
    for (const pod of pending) schedule(world, cluster, pod);
  }
}

function schedule(world: WorldState, cluster: SimulatedCluster, pod: SimulatedPod): void {
  const node = bestNode(cluster, pod);
  const held = `pod ${pod.uid} scheduling`;
  if (!heldFor(world, held, node !== undefined, TIMINGS.podScheduleMs)) return;
  world.heldSinceMs.delete(held);
  pod.node = node?.name ?? null;
  world.changes += 1;
}

/** Whether the cluster has a scheduler at work. */
export function schedulerWorks(world: WorldState, cluster: SimulatedCluster): boolean {
  return poweredHosts(world).some(
    (host) => isAtWork(world, host, 'kube-scheduler') && servedCluster(world, host) === cluster,
  );
}

/** The one with the fewest pods of the same kind, then with the fewest pods. */
function bestNode(cluster: SimulatedCluster, pod: SimulatedPod): SimulatedNode | undefined {
  const others = [...cluster.pods.values()].filter(({ terminating }) => !terminating);
  const scored = [...cluster.nodes.values()]
    .filter((node) => node.ready && !node.unschedulable && tolerates(pod, node))
    .map((node) => {
      const there = others.filter((other) => other.node === node.name);
      const alike = there.filter(({ workload }) => workload === pod.workload);
      const avoided = node.taints.some(({ effect }) => effect === 'PreferNoSchedule');
      return { node, score: [avoided ? 1 : 0, alike.length, there.length, node.name] as const };
    });
  return scored.toSorted((a, b) => compare(a.score, b.score))[0]?.node;
}

function tolerates({ toleratesControlPlane }: SimulatedPod, { taints }: SimulatedNode): boolean {
  return taints.every(
    ({ key, effect }) =>
      effect === 'PreferNoSchedule' || (key === CONTROL_PLANE && toleratesControlPlane),
  );
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  if (index < 0) return 0;
  return (a[index] ?? 0) < (b[index] ?? 0) ? -1 : 1;
}
