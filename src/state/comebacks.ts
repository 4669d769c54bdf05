import type { Liveness } from './liveness.ts';

/** Times that a node came back are held against it for this long. */
const WINDOW_MS = 600_000;
/** A reboot, and one more, are nothing to hold against anybody. */
const FORGIVEN = 2;
const FIRST_DISTRUST_MS = 30_000;
const LONGEST_DISTRUST_MS = 240_000;

/** What one process remembers of the verdicts on one incarnation of a node. */
interface Past {
  readonly verdict: Liveness['verdict'];
  /** Since when that verdict stands. */
  readonly sinceMs: number;
  /** When it was called alive again. */
  readonly comebacksMs: readonly number[];
}

export type Comebacks = ReadonlyMap<string, Past>;

/** Keeps up with the verdicts that stand; forgets whoever has none any more. */
export function withVerdicts(
  before: Comebacks,
  standing: readonly Liveness[],
  nowMs: number,
): Comebacks {
  return new Map(
    standing.map((liveness) => {
      const key = keyOf(liveness);
      return [key, pastOf(before.get(key), liveness.verdict, nowMs)];
    }),
  );
}

/** Why a node that answers is not called alive: it came back again and again. */
export interface Distrust {
  /** How often in the last ten minutes. */
  readonly times: number;
  /** For how long yet. */
  readonly forMs: number;
}

/** Undefined for nearly all nodes. The longer, the more often it came back; time under suspicion counts. */
export function distrustOf(
  comebacks: Comebacks,
  node: Pick<Liveness, 'nodeId' | 'incarnation'>,
  nowMs: number,
): Distrust | undefined {
  const past = comebacks.get(keyOf(node));
  const times = comebackTimes(past, nowMs).length;
  if (!past || times <= FORGIVEN) return undefined;
  const holdMs = Math.min(FIRST_DISTRUST_MS * 2 ** (times - FORGIVEN - 1), LONGEST_DISTRUST_MS);
  const suspectMs = past.verdict === 'suspect' ? nowMs - past.sinceMs : 0;
  return holdMs > suspectMs ? { times, forMs: holdMs - suspectMs } : undefined;
}

function pastOf(past: Past | undefined, verdict: Liveness['verdict'], nowMs: number): Past {
  if (!past) return { verdict, sinceMs: nowMs, comebacksMs: [] };
  if (past.verdict === verdict) return past;
  const earlier = comebackTimes(past, nowMs);
  const comebacksMs = verdict === 'alive' ? [...earlier, nowMs] : earlier;
  return { verdict, sinceMs: nowMs, comebacksMs };
}

function comebackTimes(past: Past | undefined, nowMs: number): readonly number[] {
  return (past?.comebacksMs ?? []).filter((atMs) => nowMs - atMs < WINDOW_MS);
}

function keyOf({ nodeId, incarnation }: Pick<Liveness, 'nodeId' | 'incarnation'>): string {
  return `${nodeId} ${incarnation}`;
}
