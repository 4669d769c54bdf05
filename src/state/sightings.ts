/** Since when each thing has been there without a break, by the monotonic clock of one process. */
export type Sightings = ReadonlyMap<string, number>;

/** Keeps the time of those seen before, starts it for new ones, forgets those that are gone. */
export function withSightings(
  before: Sightings,
  present: readonly string[],
  nowMs: number,
): Sightings {
  return new Map(present.map((thing) => [thing, before.get(thing) ?? nowMs]));
}

/** 0 for a thing that was not seen. */
export function seenForMs(sightings: Sightings, thing: string, nowMs: number): number {
  return nowMs - (sightings.get(thing) ?? nowMs);
}
