/** Since when each thing has been there without a break, by the monotonic clock of one process. */
export type Sightings = ReadonlyMap<string, number>;

/** Keeps the time of those seen before, starts it for new ones, forgets those that are gone. */
export function withSightings(
  before: Sightings,
  present: readonly string[],
  nowMs: number,
): Sightings {
  const sightings = new Map<string, number>();
  for (const thing of present) sightings.set(thing, before.get(thing) ?? nowMs);
  return sightings;
}

/** 0 for a thing that was not seen. */
export function seenForMs(sightings: Sightings, thing: string, nowMs: number): number {
  return nowMs - (sightings.get(thing) ?? nowMs);
}
