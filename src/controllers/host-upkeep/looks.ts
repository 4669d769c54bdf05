import { seenForMs, withSightings } from '../../state/sightings.ts';
import type { Memory } from './memory.ts';
import { NO_LOOKS } from './memory.ts';

/** Looks within one second are one look. */
const LOOK_MS = 1_000;

/** How long each of these has been so, without a break, in this process. */
export function noteSightings(memory: Memory, present: readonly string[], nowMs: number): void {
  memory.sightings = withSightings(memory.sightings, present, nowMs);
}

export function sinceMs({ sightings }: Memory, thing: string, nowMs: number): number {
  return seenForMs(sightings, thing, nowMs);
}

/** Looks in a row that found no trouble with `of`, this one included; each trouble begins anew. */
export function countLook(memory: Memory, { of, trouble, nowMs }: LookResult): number {
  const before = memory.looks.of === of ? memory.looks : { ...NO_LOOKS, of };
  if (trouble !== null) memory.looks = { ...NO_LOOKS, of };
  else if (nowMs - before.atMs < LOOK_MS) memory.looks = before;
  else {
    const sinceMs = Math.min(before.sinceMs, nowMs);
    memory.looks = { of, good: before.good + 1, sinceMs, atMs: nowMs };
  }
  return memory.looks.good;
}

/** For how long the present row of looks has lasted. */
export function watchedForMs({ looks }: Memory, of: string, nowMs: number): number {
  return looks.of === of ? Math.max(0, nowMs - looks.sinceMs) : 0;
}

interface Pass {
  readonly nowMs: number;
  /** From its beginning to its look. */
  readonly leadMs: number;
}

/** When to begin the next pass, so that its look is a second after the last one that counted. */
export function nextLookInMs({ looks }: Memory, { nowMs, leadMs }: Pass): number {
  return looks.good === 0 ? LOOK_MS : Math.max(0, looks.atMs + LOOK_MS - leadMs - nowMs);
}

interface LookResult {
  /** Operation and state. */
  readonly of: string;
  readonly trouble: string | null;
  readonly nowMs: number;
}
