import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import { createSleepers } from './sleepers.ts';
import { createTurns } from './turns.ts';

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

export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { startWallMs = FIRST_WALL_MS, random } = options;
  const sleepers = createSleepers();
  const afterCallbacks = createTurns();
  const known = new WeakSet<AbortSignal>();
  let nowMs = 0;
  let begun = 0;

  /** Most signals never abort and many sleeps know the same one, so it is listened to only once. */
  function listenTo(signal: AbortSignal): void {
    if (known.has(signal)) return;
    known.add(signal);
    const wakeAll = () => sleepers.takeAllOf(signal).forEach(({ wake }) => void wake());
    signal.addEventListener('abort', wakeAll, { once: true });
  }

  function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    if (signal) listenTo(signal);
    const dueMs = nowMs + Math.max(0, delayMs);
    const rank = random?.number() ?? 0;
    begun += 1;
    const number = begun;
    return new Promise((wake) => {
      sleepers.add({ dueMs, rank, number, signal, wake });
    });
  }

  function wakeNext(): void {
    const next = sleepers.takeNext();
    nowMs = Math.max(nowMs, next?.dueMs ?? 0);
    next?.wake();
  }

  /** Wakes one after the other until `isOver`, which is asked before each; rejects with what it throws. */
  function wakeUntil(isOver: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      function step(): void {
        try {
          if (isOver()) {
            resolve();
            return;
          }
          wakeNext();
          afterCallbacks(step);
        } catch (error) {
          reject(error);
        }
      }
      afterCallbacks(step);
    });
  }

  function runUntil(condition: () => boolean, limitMs = ONE_HOUR_MS): Promise<void> {
    const deadlineMs = nowMs + limitMs;
    return wakeUntil(() => {
      if (condition()) return true;
      const next = sleepers.next();
      if (!next) throw new Error('virtual clock: nobody sleeps, so it will never happen');
      if (next.dueMs > deadlineMs) throw new Error(`virtual clock: not within ${limitMs} ms`);
      return false;
    });
  }

  return {
    nowMs: () => nowMs,
    wallMs: () => Math.floor(startWallMs + nowMs),
    sleep,
    sleeperCount: () => sleepers.count(),
    runUntil,
    runUntilQuiet: (limitMs) => runUntil(() => sleepers.count() === 0, limitMs),

    async advance(durationMs) {
      const endMs = nowMs + durationMs;
      await wakeUntil(() => (sleepers.next()?.dueMs ?? Number.POSITIVE_INFINITY) > endMs);
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
