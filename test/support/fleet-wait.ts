import type { Fleet } from '../../src/simulation/fleet/fleet.ts';
import { factsOf, wholeFacts } from './fleet-facts.ts';

const LOOK_MS = 5_000;
/** A token that nobody knows is deleted after 30 s, and a controller looks again every 10 s. */
const TIDIED_WITHIN_MS = 90_000;

/** Lets time pass until nothing is left to tidy up either, or should not be any more. */
export async function untilTidy(fleet: Fleet): Promise<void> {
  const endMs = fleet.clock.nowMs() + TIDIED_WITHIN_MS;
  while (fleet.clock.nowMs() < endMs && !isTidy(fleet)) await fleet.clock.advance(LOOK_MS);
}

function isTidy(fleet: Fleet): boolean {
  return JSON.stringify(factsOf(fleet)) === JSON.stringify(wholeFacts(fleet));
}
