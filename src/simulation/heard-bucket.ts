import type { Bucket, BucketWatcher } from '../ports/bucket.ts';
import type { Clock } from '../ports/clock.ts';

const HEARTBEAT_MS = 2_000;

/** The heartbeats of one log: its watchers hear of it every two seconds, as JetStream's consumers do. */
export interface Heartbeats {
  /** The bucket with them, for as long as the life of who watches lasts. */
  over(bucket: Bucket, ear: Ear): Bucket;
}

interface Ear {
  hears(): boolean;
  /** That life ended, without a word to anybody. */
  isOver(): boolean;
}

interface Listener extends Ear {
  readonly watcher: BucketWatcher;
}

/** One timer for all of its watchers, as long as one of them lives: machines may be off for months. */
export function createHeartbeats(clock: Pick<Clock, 'sleep'>): Heartbeats {
  const listeners = new Set<Listener>();
  let isBeating = false;

  async function beat(): Promise<void> {
    if (isBeating) return;
    isBeating = true;
    while (listeners.size > 0) {
      await clock.sleep(HEARTBEAT_MS);
      for (const listener of [...listeners]) {
        if (listener.isOver()) listeners.delete(listener);
        else tell(listener);
      }
    }
    isBeating = false;
  }

  return {
    over: (bucket, ear) => ({
      ...bucket,
      watch(watcher) {
        const listener = { ...ear, watcher };
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
