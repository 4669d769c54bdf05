import type { Bucket, BucketWatcher } from '../ports/bucket.ts';
import type { Clock } from '../ports/clock.ts';

const HEARTBEAT_MS = 2_000;

/** The heartbeats of one log: its watchers hear of it every two seconds, as JetStream's consumers do. */
export interface Heartbeats {
  /** The bucket with them, as far as and while `hears` says so. */
  over(bucket: Bucket, hears: () => boolean): Bucket;
}

interface Listener {
  readonly watcher: BucketWatcher;
  hears(): boolean;
}

/** One timer for all of its watchers, as long as there are any. */
export function createHeartbeats(clock: Pick<Clock, 'sleep'>): Heartbeats {
  const listeners = new Set<Listener>();
  let isBeating = false;

  async function beat(): Promise<void> {
    if (isBeating) return;
    isBeating = true;
    while (listeners.size > 0) {
      await clock.sleep(HEARTBEAT_MS);
      for (const listener of [...listeners]) tell(listener);
    }
    isBeating = false;
  }

  return {
    over: (bucket, hears) => ({
      ...bucket,
      watch(watcher) {
        const listener = { watcher, hears };
        const unwatch = bucket.watch(watcher);
        tell(listener);
        listeners.add(listener);
        void beat();
        return () => {
          listeners.delete(listener);
          unwatch();
        };
      },
    }),
  };
}

function tell({ watcher, hears }: Listener): void {
  if (hears()) watcher.onHeard();
}
