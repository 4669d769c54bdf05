import type { Candidate } from './mdns-records.ts';

/** How many announcers are kept in mind; more would be a flood. */
const MAX_KEPT = 256;
const FRESH_MS = 60_000;

/** Who was heard to announce itself. */
export interface MdnsSightings {
  /** `address`: where the announcement came from. */
  note(candidate: Candidate, address: string, nowMs: number): void;
  /** Holders of our join key that announced themselves lately, by instance. */
  fresh(nowMs: number): readonly string[];
  /** Where nodes with another join key announced themselves lately: `address:port`, the latest last. */
  strangers(nowMs: number): readonly string[];
  lastSeenMs(): number | null;
}

interface Sighting {
  readonly place: string;
  readonly seenMs: number;
}

export function createMdnsSightings(): MdnsSightings {
  const ours = new Map<string, Sighting>();
  const foreign = new Map<string, Sighting>();
  let lastSeenMs: number | null = null;

  return {
    note({ instance, port, isOurs }, address, nowMs) {
      remember(isOurs ? ours : foreign, instance, { place: `${address}:${port}`, seenMs: nowMs });
      if (isOurs) lastSeenMs = nowMs;
    },
    fresh: (nowMs) => freshIn(ours, nowMs).map(([instance]) => instance),
    strangers: (nowMs) => [...new Set(freshIn(foreign, nowMs).map(([, { place }]) => place))],
    lastSeenMs: () => lastSeenMs,
  };
}

/** The key seen longest ago comes first in the map, and goes first when there is no room. */
function remember(seen: Map<string, Sighting>, instance: string, sighting: Sighting): void {
  seen.delete(instance);
  const [oldest] = seen.keys();
  if (seen.size >= MAX_KEPT && oldest !== undefined) seen.delete(oldest);
  seen.set(instance, sighting);
}

function freshIn(
  seen: ReadonlyMap<string, Sighting>,
  nowMs: number,
): readonly (readonly [string, Sighting])[] {
  return [...seen].filter(([, { seenMs }]) => nowMs - seenMs <= FRESH_MS);
}
