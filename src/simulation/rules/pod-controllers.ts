import { controllerManagerWorks } from '../api-access.ts';
import { takesWrites } from '../etcd-cluster.ts';
import { forgetPod, heldFor } from '../held-for.ts';
import type { SimulatedCluster, SimulatedNode } from '../simulated-cluster.ts';
import { TIMINGS } from '../timings.ts';
import { createPod, isMirror } from '../workloads/pod.ts';
import type { SimulatedPod } from '../workloads/simulated-pod.ts';
import { type SimulatedWorkload, workloadKey } from '../workloads/workload.ts';
import type { WorldState } from '../world-state.ts';

const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

/** What the controller manager does about pods: as many as wanted, none on nodes that are lost or gone. */
export function runPodControllers(world: WorldState): void {
  for (const cluster of world.clusters.values()) {
    if (!takesWrites(cluster) || !controllerManagerWorks(world, cluster)) continue;
    for (const workload of cluster.workloads.values()) keepPods(world, cluster, workload);
    for (const node of cluster.nodes.values()) evictFromLost(world, cluster, node);
    for (const pod of cluster.pods.values()) collect(world, cluster, pod);
  }
}

function keepPods(world: WorldState, cluster: SimulatedCluster, workload: SimulatedWorkload): void {
  const key = workloadKey(workload);
  const own = [...cluster.pods.values()].filter((pod) => pod.workload === key);
  if (workload.kind === 'DaemonSet') {
    const served = new Set(own.map(({ node }) => node));
    for (const name of cluster.nodes.keys()) {
      if (served.has(name)) continue;
      createPod(cluster, workload, name);
      world.changes += 1;
    }
    replaceOutdated(world, own, workload);
    return;
  }
  replaceOutdated(world, own, workload);
  // The next pod of a StatefulSet has the name of the one that goes, and waits for it.
  const counted = own.filter((pod) => workload.kind === 'StatefulSet' || !pod.terminating);
  for (let count = counted.length; count < workload.replicas; count += 1) {
    createPod(cluster, workload, null);
    world.changes += 1;
  }
}

/** A rolling update: one pod at a time, while all others are ready. */
function replaceOutdated(
  world: WorldState,
  own: readonly SimulatedPod[],
  { image }: SimulatedWorkload,
): void {
  const outdated = own.find(({ images }) => images[0] !== image);
  if (!outdated || !own.every(({ ready, terminating }) => ready && !terminating)) return;
  outdated.terminating = true;
  world.changes += 1;
}

/** Pods on an unreachable node are asked to go; only its kubelet, or the taint, makes them go. */
function evictFromLost(world: WorldState, cluster: SimulatedCluster, node: SimulatedNode): void {
  const held = `node ${cluster.id}/${node.name} pod eviction`;
  const tooLong = heldFor(world, held, !node.ready, TIMINGS.podEvictionMs);
  const outOfService = isOutOfService(node);
  for (const pod of cluster.pods.values()) {
    if (pod.node !== node.name || isMirror(pod)) continue;
    if (!node.ready && pod.ready) {
      pod.ready = false;
      world.changes += 1;
    }
    const leaves = outOfService || (tooLong && !isDaemon(pod));
    if (!leaves || pod.terminating) continue;
    pod.terminating = true;
    world.changes += 1;
  }
}

/** The pod garbage collector: pods of nodes that are out of service, and of nodes that do not exist. */
function collect(world: WorldState, cluster: SimulatedCluster, pod: SimulatedPod): void {
  if (pod.node === null) return;
  const node = cluster.nodes.get(pod.node);
  const abandoned = node !== undefined && pod.terminating && !node.ready && isOutOfService(node);
  const collected = heldFor(
    world,
    `pod ${pod.uid} out of service`,
    abandoned,
    TIMINGS.podCollectionMs,
  );
  const orphaned = heldFor(
    world,
    `pod ${pod.uid} orphaned`,
    node === undefined,
    TIMINGS.orphanedPodMs,
  );
  if (!collected && !orphaned) return;
  cluster.pods.delete(pod.uid);
  forgetPod(world, pod.uid);
  world.changes += 1;
}

function isOutOfService({ taints }: SimulatedNode): boolean {
  return taints.some(({ key, effect }) => key === OUT_OF_SERVICE && effect === 'NoExecute');
}

function isDaemon({ owner }: SimulatedPod): boolean {
  return owner?.kind === 'DaemonSet';
}
