import { heldFor } from '../held-for.ts';
import { COMPONENTS, type Component, manifestPath } from '../paths.ts';
import type { PoweredHost } from '../simulated-host.ts';
import { TIMINGS } from '../timings.ts';
import { poweredHosts, type WorldState } from '../world-state.ts';

/** A running kubelet starts a pod for each manifest and stops those whose manifest is gone. */
export function runStaticPods(world: WorldState): void {
  for (const host of poweredHosts(world)) {
    if (!host.runtime.kubelet.running) continue;
    for (const component of COMPONENTS) runStaticPod(world, host, component);
  }
}

function runStaticPod(world: WorldState, host: PoweredHost, component: Component): void {
  const { pods, kubelet } = host.runtime;
  const wanted = host.disk.files.has(manifestPath(component));
  const runs = pods.has(component);
  const name = `${host.name}/${component}`;
  const startMs = kubelet.watchesManifests ? TIMINGS.podStartMs : TIMINGS.podStartUnwatchedMs;

  if (heldFor(world, `${name}-start`, wanted && !runs, startMs)) {
    pods.add(component);
    kubelet.watchesManifests = true;
    world.changes += 1;
  }
  if (heldFor(world, `${name}-stop`, runs && !wanted, TIMINGS.podStopMs)) {
    pods.delete(component);
    world.changes += 1;
  }
}
