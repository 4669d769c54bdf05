import type { Bucket, BucketWatcher } from '../ports/bucket.ts';
import type { Clock } from '../ports/clock.ts';

const HEARTBEAT_MS = 2_000;

/** A bucket whose watchers hear of the log every two seconds, as JetStream's consumers do, while `hears` says so. */
export function withHeartbeat(bucket: Bucket, clock: Clock, hears: () => boolean): Bucket {
  async function beat(watcher: BucketWatcher, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (hears()) watcher.onHeard();
      await clock.sleep(HEARTBEAT_MS, signal);
    }
  }
  return {
    ...bucket,
    watch(watcher) {
      const stopping = new AbortController();
      const unwatch = bucket.watch(watcher);
      void beat(watcher, stopping.signal);
      return () => {
        stopping.abort();
        unwatch();
      };
    },
  };
}
