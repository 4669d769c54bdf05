import { heldFor } from '../held-for.ts';
import { readKubeconfig } from '../kubeconfig.ts';
import { minorOf } from '../kubernetes-releases.ts';
import {
  COMPONENTS,
  CONTROLLER_MANAGER_CONF,
  type Component,
  manifestPath,
  SCHEDULER_CONF,
} from '../paths.ts';
import { readFile } from '../simulated-disk.ts';
import type { PoweredHost } from '../simulated-host.ts';
import { TIMINGS } from '../timings.ts';
import { poweredHosts, type WorldState } from '../world-state.ts';

/**
 * A running kubelet starts a pod for each manifest, stops those whose manifest is gone, and swaps
 * those whose manifest changed or that a kubelet of another minor started.
 */
export function runStaticPods(world: WorldState): void {
  for (const host of poweredHosts(world)) {
    if (!host.runtime.kubelet.running) continue;
    for (const component of COMPONENTS) runStaticPod(world, host, component);
  }
}

/** The client certificate that a component reads once, when it starts. */
function certificateFor({ disk }: PoweredHost, component: Component): string | undefined {
  if (component === 'kube-controller-manager') {
    return readKubeconfig(readFile(disk, CONTROLLER_MANAGER_CONF))?.certificate;
  }
  if (component !== 'kube-scheduler') return undefined;
  return readKubeconfig(readFile(disk, SCHEDULER_CONF))?.certificate;
}

/** Whether the component runs and nobody wants it to end. */
export function isServing(host: PoweredHost, component: Component): boolean {
  return host.runtime.pods.has(component) && isWanted(host, component);
}

/**
 * Whether the manifest is still the pod that was started from it. The kubelet tells that by a hash
 * over the pod's fields, which are others in each minor: it swaps all static pods after an upgrade.
 */
function isWanted({ disk, runtime }: PoweredHost, component: Component): boolean {
  const { podManifests, podMinors, kubelet } = runtime;
  if (podManifests.get(component) !== readFile(disk, manifestPath(component))) return false;
  return podMinors.get(component) === minorOf(kubelet.version);
}

function runStaticPod(world: WorldState, host: PoweredHost, component: Component): void {
  const { pods, podManifests, kubelet } = host.runtime;
  const manifest = readFile(host.disk, manifestPath(component));
  const runs = pods.has(component);
  const name = `${host.name}/${component}`;
  const startMs = kubelet.watchesManifests ? TIMINGS.podStartMs : TIMINGS.podStartUnwatchedMs;

  if (heldFor(world, `${name}-start`, manifest !== undefined && !runs, startMs)) {
    pods.add(component);
    podManifests.set(component, manifest ?? '');
    host.runtime.podMinors.set(component, minorOf(kubelet.version));
    host.runtime.podCertificates.set(component, certificateFor(host, component));
    kubelet.watchesManifests = true;
    world.changes += 1;
  }
  const unwanted = runs && !isWanted(host, component);
  if (heldFor(world, `${name}-stop`, unwanted, stopMs(world, host, component))) {
    pods.delete(component);
    world.changes += 1;
  }
}

/**
 * A kubelet that was started a moment ago hangs on pods that it did not start itself: it waits two
 * minutes for their volumes before it ends them. Those of another minor it does not know, and ends.
 */
function stopMs(world: WorldState, host: PoweredHost, component: Component): number {
  const { foundPods, startedAtMs, version } = host.runtime.kubelet;
  if (host.runtime.podMinors.get(component) !== minorOf(version)) return TIMINGS.orphanStopMs;
  const nowMs = world.clock.nowMs();
  const unwantedSinceMs = world.heldSinceMs.get(`${host.name}/${component}-stop`) ?? nowMs;
  const isFresh = unwantedSinceMs - startedAtMs < TIMINGS.kubeletSettlesMs / world.speed;
  if (isFresh && foundPods.has(component)) return TIMINGS.podStopHangingMs;
  return component === 'kube-apiserver' ? TIMINGS.apiServerStopMs : TIMINGS.podStopMs;
}
