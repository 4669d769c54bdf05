import { forgetPod, heldFor } from '../held-for.ts';
import { readKubeconfig } from '../kubeconfig.ts';
import { COMPONENTS, type Component } from '../paths.ts';
import type { Report } from '../report.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { TIMINGS } from '../timings.ts';
import { createMirrorPod } from '../workloads/pod.ts';
import type { SimulatedPod } from '../workloads/simulated-pod.ts';
import type { WorldState } from '../world-state.ts';
import { heardKubelets } from './node-reports.ts';

/** Kubelets show their static pods in the API; those of a dead node stay until the Node is gone. */
export function showStaticPods(world: WorldState): void {
  for (const report of heardKubelets(world)) {
    for (const component of COMPONENTS) show(world, report, component);
  }
}

/** The mirror pod of a component on a node, as the API has it. */
export function mirrorPodOf(
  { pods }: SimulatedCluster,
  component: Component,
  node: string,
): SimulatedPod | undefined {
  const name = `${component}-${node}`;
  return [...pods.values()].find((pod) => pod.name === name && pod.owner?.kind === 'Node');
}

function show(world: WorldState, report: Report, component: Component): void {
  const { host, cluster, name: node } = report;
  const { pods, podManifests, podMinors, boot } = host.runtime;
  const shown = mirrorPodOf(cluster, component, node);
  const manifest = pods.has(component) ? podManifests.get(component) : undefined;
  const minor = podMinors.get(component) ?? 0;
  if (shown && shown.manifest === manifest && shown.minor === minor) {
    noteBoot(world, shown, boot);
    return;
  }
  const held = `${host.name}/mirror ${component}`;
  const forMs = shown ? lagMs(report) : 0;
  if (!shown && manifest === undefined) return;
  if (!heldFor(world, held, true, forMs)) return;
  world.heldSinceMs.delete(held);
  if (shown) {
    cluster.pods.delete(shown.uid);
    forgetPod(world, shown.uid);
  }
  if (manifest !== undefined) createMirrorPod(cluster, { component, node, manifest, minor, boot });
  world.changes += 1;
}

/** The same pod in a new boot: its container was started again. */
function noteBoot(world: WorldState, pod: SimulatedPod, boot: number): void {
  if (pod.boot === boot) return;
  pod.boot = boot;
  pod.restarts += 1;
  world.changes += 1;
}

/** A kubelet that talks to its own API server loses it while that one is swapped. */
function lagMs({ host }: Report): number {
  const server = readKubeconfig(host.runtime.kubelet.kubeconfig)?.server ?? '';
  return server.endsWith(':6443') ? TIMINGS.mirrorPodMs : TIMINGS.mirrorPodBalancedMs;
}
