import type { Clock } from '../ports/clock.ts';

/** One timer for many who wait for times of their own. */
export interface Alarm {
  /** Rings at that time, unless it was set to an earlier one: whoever is rung sets it anew. */
  set(atMs: number): void;
  /** It rings no more. */
  stop(): void;
}

/** A time that an earlier one took the place of costs one wake-up that nobody notices, and no cancelling. */
export function createAlarm(clock: Clock, ring: () => void): Alarm {
  const stopping = new AbortController();
  const { signal } = stopping;
  /** Times that a timer runs for. */
  const pending = new Set<number>();
  let nextMs = Number.POSITIVE_INFINITY;

  async function ringAt(atMs: number): Promise<void> {
    pending.add(atMs);
    await clock.sleep(Math.max(0, atMs - clock.nowMs()), signal);
    pending.delete(atMs);
    if (signal.aborted || atMs !== nextMs) return;
    nextMs = Number.POSITIVE_INFINITY;
    ring();
  }

  return {
    set(atMs) {
      if (atMs >= nextMs || signal.aborted) return;
      nextMs = atMs;
      if (!pending.has(atMs)) void ringAt(atMs);
    },
    stop: () => stopping.abort('stopped'),
  };
}
