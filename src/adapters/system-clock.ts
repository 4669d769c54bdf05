import type { Clock } from '../ports/clock.ts';

/** The clocks of this machine: CLOCK_MONOTONIC and, for people, the wall clock. */
export function createSystemClock(): Clock {
  return { nowMs: () => performance.now(), wallMs: () => Date.now(), sleep };
}

// Not `node:timers/promises`: it rejects an aborted sleep with an exception and its stack trace, and
// an agent is woken many times a second.
function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.max(0, delayMs));
    signal?.addEventListener('abort', end);
  });
}
