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
  else memory.looks = { of, good: before.good + 1, atMs: nowMs };
  return memory.looks.good;
}

interface LookResult {
  /** Operation and state. */
  readonly of: string;
  readonly trouble: string | null;
  readonly nowMs: number;
}
