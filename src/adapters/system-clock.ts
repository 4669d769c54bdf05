import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../ports/clock.ts';

/** The clocks of this machine: CLOCK_MONOTONIC and, for people, the wall clock. */
export function createSystemClock(): Clock {
  return {
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    sleep: async (delayMs, signal) => {
      if (signal?.aborted) return;
      // The only rejection is the abort, which ends the sleep and is no failure.
      await delay(Math.max(0, delayMs), undefined, signal ? { signal } : {}).catch(() => undefined);
    },
  };
}
