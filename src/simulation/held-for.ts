import type { WorldState } from './world-state.ts';

/**
 * Whether `condition` has held without a break for `durationMs` (of a speed-1 world). All delays of
 * simulated processes are made of this: the rule asks again whenever the world changes, and the
 * world wakes by itself when the time is over.
 */
export function heldFor(world: WorldState, name: string, condition: boolean, durationMs: number) {
  if (!condition) {
    world.heldSinceMs.delete(name);
    return false;
  }
  const nowMs = world.clock.nowMs();
  const knownMs = world.heldSinceMs.get(name);
  if (knownMs === undefined) world.heldSinceMs.set(name, nowMs);
  const sinceMs = knownMs ?? nowMs;

  const dueMs = sinceMs + durationMs / world.speed;
  if (nowMs >= dueMs) return true;
  world.nextDueMs = Math.min(world.nextDueMs, dueMs);
  return false;
}

/** Forgets all that held on a host: it lost its power. */
export function forgetHeld(world: WorldState, host: string): void {
  for (const name of world.heldSinceMs.keys()) {
    if (name.startsWith(`${host}/`)) world.heldSinceMs.delete(name);
  }
}

/** Forgets all that held of a pod: it is gone. */
export function forgetPod(world: WorldState, uid: string): void {
  for (const name of world.heldSinceMs.keys()) {
    if (name.includes(`pod ${uid} `)) world.heldSinceMs.delete(name);
  }
}
