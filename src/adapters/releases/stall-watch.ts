import type { Clock } from '../../ports/clock.ts';

/** Less than this in a whole period is no better than nothing. */
const LEAST_BYTES = 16_384;

/** Notices that a transfer no longer moves. */
export interface StallWatch {
  noteMoved(bytes: number): void;
  stop(): void;
}

/** Calls `onStall` after the first period in which less than 16 KiB moved; then it ends. */
export function watchStall(clock: Clock, periodMs: number, onStall: () => void): StallWatch {
  const ended = new AbortController();
  let movedBytes = LEAST_BYTES;

  async function watch(): Promise<void> {
    while (movedBytes >= LEAST_BYTES && !ended.signal.aborted) {
      movedBytes = 0;
      await clock.sleep(periodMs, ended.signal);
    }
    if (!ended.signal.aborted) onStall();
  }

  void watch();
  return {
    noteMoved(bytes) {
      movedBytes += bytes;
    },
    stop: () => ended.abort(),
  };
}
