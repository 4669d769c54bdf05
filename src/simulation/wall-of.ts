import type { SimulatedHost } from './simulated-host.ts';
import type { WorldState } from './world-state.ts';

/** What the wall clock of a host shows: programs on it judge by nothing else. */
export function wallOf({ clock }: WorldState, { wallOffsetMs }: SimulatedHost): number {
  return clock.wallMs() + wallOffsetMs;
}
