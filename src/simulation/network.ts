import type { SimulatedHost } from './simulated-host.ts';
import type { WorldState } from './world-state.ts';

/** Whether two hosts can talk, which takes packets both ways. A host without power talks to nobody. */
export function canTalk(world: WorldState, a: SimulatedHost, b: SimulatedHost): boolean {
  if (!a.runtime || !b.runtime) return false;
  if (a === b || world.cuts.size === 0) return true;
  return !world.cuts.has(cutKey(a.name, b.name)) && !world.cuts.has(cutKey(b.name, a.name));
}

export function cutKey(from: string, to: string): string {
  return `${from}>${to}`;
}
