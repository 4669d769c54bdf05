import { SINGLETON } from '../../state/kinds.ts';
import { syncedLog, unlessRefused } from '../faults/somebodys-log.ts';
import type { Fleet } from '../fleet/fleet.ts';

const ASK_AGAIN_MS = 2_000;
const LOOK_MS = 60_000;

/** Somebody asks for another release as soon as there is a log that takes it, at the earliest at `atMs`. */
export async function askForRelease(fleet: Fleet, version: string, atMs: number): Promise<void> {
  const { clock, recorder } = fleet;
  await clock.sleep(Math.max(0, atMs - clock.nowMs()));
  while (!(await isAsked(fleet, version))) await clock.sleep(ASK_AGAIN_MS);
  recorder.note('*', { type: 'script.edited', detail: `kubernetesVersion ${version}` });
}

/**
 * Lets time pass until every node runs it. A rollout that a failure paused is for people: here they look
 * once a minute, and say that it may go on. Rejects after `withinMs`.
 */
export async function untilReleased(
  fleet: Fleet,
  version: string,
  withinMs: number,
): Promise<void> {
  const endMs = fleet.clock.nowMs() + withinMs;
  while (!runsRelease(fleet, version)) {
    if (fleet.clock.nowMs() > endMs) throw new RangeError(`not every node runs ${version}`);
    await fleet.clock.advance(LOOK_MS);
    await fleet.clock.drive(resumePaused(fleet), LOOK_MS);
  }
}

async function resumePaused(fleet: Fleet): Promise<void> {
  const store = syncedLog(fleet);
  const saidWallMs = Math.max(0, Math.round(fleet.clock.wallMs()));
  for (const { key: planId, value } of store?.list('progress') ?? []) {
    if (!store || value.state !== 'paused') continue;
    const ifRevision = store.get('hold', planId)?.revision ?? 0;
    const hold = { planId, word: 'resume', saidWallMs } as const;
    await unlessRefused(store.put('hold', planId, hold, ifRevision));
  }
}

async function isAsked(fleet: Fleet, version: string): Promise<boolean> {
  const store = syncedLog(fleet);
  const entry = store?.get('spec', SINGLETON);
  if (!store || !entry) return false;
  if (entry.value.kubernetesVersion === version) return true;
  const spec = { ...entry.value, kubernetesVersion: version };
  return unlessRefused(store.put('spec', SINGLETON, spec, entry.revision));
}

/** Whether the kubelet of every Node that Kubernetes knows is of that release; they come last. */
function runsRelease({ world }: Fleet, version: string): boolean {
  const nodes = [...world.state.clusters.values()].flatMap(({ nodes: all }) => [...all.values()]);
  return nodes.length > 0 && nodes.every((node) => node.kubeletVersion === version);
}
