import type { Candidate } from './mdns-records.ts';

/** How many announcers are kept in mind; more would be a flood. */
const MAX_KEPT = 256;
const FRESH_MS = 60_000;

/** Who was heard to announce itself. */
export interface MdnsSightings {
  note(candidate: Candidate, nowMs: number): void;
  /** Holders of our join key that announced themselves lately, by instance. */
  fresh(nowMs: number): readonly string[];
  /** Announcers with another join key, lately. */
  foreignCount(nowMs: number): number;
  lastSeenMs(): number | null;
}

export function createMdnsSightings(): MdnsSightings {
  const ours = new Map<string, number>();
  const foreign = new Map<string, number>();
  let lastSeenMs: number | null = null;

  return {
    note({ instance, isOurs }, nowMs) {
      remember(isOurs ? ours : foreign, instance, nowMs);
      if (isOurs) lastSeenMs = nowMs;
    },
    fresh: (nowMs) => freshIn(ours, nowMs),
    foreignCount: (nowMs) => freshIn(foreign, nowMs).length,
    lastSeenMs: () => lastSeenMs,
  };
}

/** The key seen longest ago comes first in the map, and goes first when there is no room. */
function remember(seen: Map<string, number>, instance: string, nowMs: number): void {
  seen.delete(instance);
  const [oldest] = seen.keys();
  if (seen.size >= MAX_KEPT && oldest !== undefined) seen.delete(oldest);
  seen.set(instance, nowMs);
}

function freshIn(seen: ReadonlyMap<string, number>, nowMs: number): readonly string[] {
  return [...seen].filter(([, seenMs]) => nowMs - seenMs <= FRESH_MS).map(([instance]) => instance);
}
