import { forgetPod, heldFor } from '../held-for.ts';
import type { Report } from '../report.ts';
import { TIMINGS } from '../timings.ts';
import { isMirror } from '../workloads/pod.ts';
import type { SimulatedPod } from '../workloads/simulated-pod.ts';
import type { WorldState } from '../world-state.ts';
import { heardKubelets } from './node-reports.ts';

/** Kubelets that reach the API start and end the containers of pods that are bound to their node. */
export function runPods(world: WorldState): void {
  for (const report of heardKubelets(world)) {
    for (const pod of report.cluster.pods.values()) {
      if (pod.node === report.name && !isMirror(pod)) followPod(world, report, pod);
    }
    removeStrays(report);
  }
}

function followPod(world: WorldState, report: Report, pod: SimulatedPod): void {
  if (pod.terminating) endPod(world, report, pod);
  else runPod(world, report, pod);
}

/** Containers of pods that the API does not have any more. */
function removeStrays({ host: { runtime }, cluster }: Report): void {
  for (const uid of runtime.containers) {
    if (!cluster.pods.has(uid)) runtime.containers.delete(uid);
  }
}

function runPod(world: WorldState, report: Report, pod: SimulatedPod): void {
  const { host, cluster, name, hasNetwork } = report;
  const { containers } = host.runtime;
  const held = `${host.name}/pod ${pod.uid} start`;
  const startable = hasNetwork && !containers.has(pod.uid);
  if (heldFor(world, held, startable, TIMINGS.containerStartMs)) {
    if (pod.phase !== 'Pending') pod.restarts += 1;
    pod.phase = 'Running';
    containers.add(pod.uid);
    world.changes += 1;
  }
  const ready = containers.has(pod.uid) && cluster.nodes.get(name)?.ready === true;
  if (ready === pod.ready) return;
  pod.ready = ready;
  world.changes += 1;
}

function endPod(world: WorldState, { host, cluster }: Report, pod: SimulatedPod): void {
  const held = `${host.name}/pod ${pod.uid} end`;
  if (!heldFor(world, held, true, TIMINGS.containerStopMs)) return;
  host.runtime.containers.delete(pod.uid);
  cluster.pods.delete(pod.uid);
  forgetPod(world, pod.uid);
  world.changes += 1;
}
