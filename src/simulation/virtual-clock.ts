import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';

const ONE_HOUR_MS = 3_600_000;
const FIRST_WALL_MS = Date.UTC(2026, 0, 1);

/**
 * Time that moves only when a test drives it, so that an hour costs milliseconds.
 *
 * Code under test sleeps on the clock; the test calls one of the drivers below and awaits it. A driver
 * wakes one sleeper at a time, the earliest first, and lets all promise callbacks run out before it
 * wakes the next; so the same program with the same seed runs in the same order every time.
 * The code may wait for nothing but this clock and promises that settle by themselves: a driver does
 * not wait for sockets, files, worker threads or WebCrypto. Only one driver may run at a time.
 */
export interface VirtualClock extends Clock {
  /** Lets the next `durationMs` pass. */
  advance(durationMs: number): Promise<void>;
  /**
   * Lets time pass until `promise` settles, and settles like it. Rejects when that takes more than
   * `limitMs` (default: an hour) or when nobody sleeps any more, so that it never will.
   */
  drive<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
  /** Lets time pass until `condition` holds, asked after each wake-up; rejects like `drive`. */
  runUntil(condition: () => boolean, limitMs?: number): Promise<void>;
  /** Lets time pass until nobody sleeps; rejects after `limitMs`, as programs with a beat never end. */
  runUntilQuiet(limitMs?: number): Promise<void>;
  /** How many sleep now. */
  sleeperCount(): number;
}

export interface VirtualClockOptions {
  readonly startWallMs?: number;
  /** Draws the order of those who wake at the same millisecond; without it, first come first served. */
  readonly random?: Random;
}

interface Sleeper {
  readonly dueMs: number;
  readonly rank: number;
  readonly wake: () => void;
}

export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { startWallMs = FIRST_WALL_MS, random } = options;
  const sleepers: Sleeper[] = [];
  let nowMs = 0;

  function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const sleeper = { dueMs: nowMs + Math.max(0, delayMs), rank: random?.number() ?? 0, wake };
      const stop = () => {
        sleepers.splice(sleepers.indexOf(sleeper), 1);
        resolve();
      };
      signal?.addEventListener('abort', stop, { once: true });
      insert(sleepers, sleeper);
    });
  }

  async function wakeNext(): Promise<void> {
    const next = sleepers.shift();
    if (!next) return;
    nowMs = Math.max(nowMs, next.dueMs);
    next.wake();
    await promiseCallbacks();
  }

  async function runUntil(condition: () => boolean, limitMs = ONE_HOUR_MS): Promise<void> {
    const deadlineMs = nowMs + limitMs;
    await promiseCallbacks();
    while (!condition()) {
      const next = sleepers[0];
      if (!next) throw new Error('virtual clock: nobody sleeps, so it will never happen');
      if (next.dueMs > deadlineMs) throw new Error(`virtual clock: not within ${limitMs} ms`);
      await wakeNext();
    }
  }

  return {
    nowMs: () => nowMs,
    wallMs: () => Math.floor(startWallMs + nowMs),
    sleep,
    sleeperCount: () => sleepers.length,
    runUntil,
    runUntilQuiet: (limitMs) => runUntil(() => sleepers.length === 0, limitMs),

    async advance(durationMs) {
      const endMs = nowMs + durationMs;
      await promiseCallbacks();
      while ((sleepers[0]?.dueMs ?? Number.POSITIVE_INFINITY) <= endMs) await wakeNext();
      nowMs = endMs;
    },

    async drive(promise, limitMs) {
      let settled = false;
      const settle = () => {
        settled = true;
      };
      promise.then(settle, settle);
      await runUntil(() => settled, limitMs);
      return promise;
    },
  };
}

/** Keeps the order of waking: by time, then by rank, then by who slept first. */
function insert(sleepers: Sleeper[], sleeper: Sleeper): void {
  let index = sleepers.length;
  while (index > 0 && wakesBefore(sleeper, sleepers[index - 1])) index -= 1;
  sleepers.splice(index, 0, sleeper);
}

function wakesBefore(a: Sleeper, b: Sleeper | undefined): boolean {
  if (!b) return false;
  return a.dueMs === b.dueMs ? a.rank < b.rank : a.dueMs < b.dueMs;
}

/** A turn of the event loop runs only after every promise callback, also those that follow from others. */
function promiseCallbacks(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
