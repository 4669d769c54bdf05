import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** The clocks of this machine, whose sleepers keep no process from ending. */
export function createBackgroundClock(): Clock {
  return { ...createSystemClock(), sleep };
}

function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, delayMs));
    timer.unref();
    const wake = () => {
      clearTimeout(timer);
      resolve();
    };
    if (signal?.aborted) wake();
    else signal?.addEventListener('abort', wake, { once: true });
  });
}
