import type { Liveness } from './liveness.ts';
import type { NodeId } from './node-id.ts';
import type { ReadableLog } from './readable-log.ts';
import { type Sightings, seenForMs, withSightings } from './sightings.ts';

/** Since when one leader has seen whom dead, and whom not heard; another incarnation is another one. */
export interface VerdictMemory {
  readonly dead: Sightings;
  readonly missed: Sightings;
}

export interface VerdictAges {
  /** For how long each node that is enrolled was seen dead; absent: it is not. */
  readonly deadForMs: ReadonlyMap<NodeId, number>;
  /** The same of those that are not heard, dead or not. */
  readonly missedForMs: ReadonlyMap<NodeId, number>;
}

export const NO_VERDICTS: VerdictMemory = { dead: new Map(), missed: new Map() };

/** What the verdicts of now make of what was seen before. */
export function withVerdicts(
  before: VerdictMemory,
  log: Pick<ReadableLog, 'list'>,
  nowMs: number,
): VerdictMemory {
  return {
    dead: withSightings(before.dead, judged(log, ['dead']), nowMs),
    missed: withSightings(before.missed, judged(log, ['dead', 'suspect']), nowMs),
  };
}

export function verdictAges(
  { dead, missed }: VerdictMemory,
  log: Pick<ReadableLog, 'list'>,
  nowMs: number,
): VerdictAges {
  return { deadForMs: forMs(dead, log, nowMs), missedForMs: forMs(missed, log, nowMs) };
}

/** Names of those with such a verdict. */
function judged(
  log: Pick<ReadableLog, 'list'>,
  verdicts: readonly Liveness['verdict'][],
): readonly string[] {
  return log
    .list('liveness')
    .flatMap(({ value }) => (verdicts.includes(value.verdict) ? [nameOf(value)] : []));
}

function forMs(
  sightings: Sightings,
  log: Pick<ReadableLog, 'list'>,
  nowMs: number,
): ReadonlyMap<NodeId, number> {
  const seen = log.list('node').filter(({ value }) => sightings.has(nameOf(value)));
  return new Map(
    seen.map(({ value }) => [value.nodeId, seenForMs(sightings, nameOf(value), nowMs)]),
  );
}

function nameOf({ nodeId, incarnation }: Pick<Liveness, 'nodeId' | 'incarnation'>): string {
  return `${nodeId} ${incarnation}`;
}
