import type { Clock } from '../ports/clock.ts';
import type { PassOutcome } from './reconcile.ts';

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** A hint may be lost: every controller looks again this often, whatever it was told. */
const LOOK_MS = 10_000;
/** With no action, wait, failure or hint for so long, there will most likely be none for long. */
const SETTLED_AFTER_MS = 60_000;
/** One decision is several entries of the log, one right after the other: together they are worth one pass. */
const BURST_MS = 50;

/** When the passes of one controller are due, by its monotonic clock. */
export interface Rhythm {
  dueAtMs(): number;
  begin(): void;
  /** Ends a pass. */
  passed(outcome: PassOutcome): void;
  /** Ends a pass, too: how many have failed in a row, and after how long the next one is tried. */
  failed(isTerminal: boolean): { readonly attempt: number; readonly afterMs: number };
  /** Something may have changed. Whether the next pass comes earlier for it. */
  hint(): boolean;
  /** What failed before is forgotten. */
  retryNow(): void;
}

interface Settled {
  /** How often it looks by itself where all has been in order for long. */
  readonly settledLookMs: number | undefined;
  /** Whether hints come at all. */
  isTold(): boolean;
}

export function createRhythm(clock: Pick<Clock, 'nowMs'>, settled: Settled): Rhythm {
  const { settledLookMs = LOOK_MS, isTold } = settled;
  const startedMs = clock.nowMs();
  let dueAtMs = clock.nowMs();
  let quietSinceMs = clock.nowMs();
  let endedMs = Number.NEGATIVE_INFINITY;
  let attempt = 0;
  let hinted = false;
  let isRunning = false;

  function lookAfterMs({ actionsDone, requeue }: PassOutcome): number {
    const isQuiet = actionsDone === 0 && requeue === undefined;
    if (!isQuiet) quietSinceMs = clock.nowMs();
    const isSettled = clock.nowMs() - quietSinceMs >= SETTLED_AFTER_MS;
    if (isSettled && isTold()) return untilCommonLookMs();
    // A pass that changed something looks again at once: the next pass proves that nothing is left to do.
    return Math.min(requeue?.afterMs ?? (isQuiet ? LOOK_MS : 0), LOOK_MS);
  }

  /** Those who look seldom look together, which wakes an idle agent once instead of many times. */
  function untilCommonLookMs(): number {
    return settledLookMs - ((clock.nowMs() - startedMs) % settledLookMs);
  }

  function end(afterMs: number): void {
    isRunning = false;
    endedMs = clock.nowMs();
    dueAtMs = endedMs + afterMs;
    // What changed during the pass may have been read before the change.
    if (hinted && attempt === 0) dueAtMs = Math.min(dueAtMs, endedMs + BURST_MS);
  }

  return {
    dueAtMs: () => dueAtMs,
    begin() {
      isRunning = true;
      hinted = false;
    },
    passed(outcome) {
      attempt = 0;
      end(lookAfterMs(outcome));
    },
    failed(isTerminal) {
      attempt += 1;
      quietSinceMs = clock.nowMs();
      const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), MAX_BACKOFF_MS);
      const afterMs = isTerminal ? MAX_BACKOFF_MS : backoffMs;
      end(afterMs);
      return { attempt, afterMs };
    },
    hint() {
      hinted = true;
      quietSinceMs = clock.nowMs();
      const soonMs = Math.max(clock.nowMs(), endedMs + BURST_MS);
      // A hint must not cut a backoff short, or a failing controller would hammer what fails.
      if (isRunning || attempt > 0 || soonMs >= dueAtMs) return false;
      dueAtMs = soonMs;
      return true;
    },
    retryNow() {
      attempt = 0;
      hinted = true;
      dueAtMs = clock.nowMs();
    },
  };
}
