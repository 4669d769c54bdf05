import type { Bucket, BucketWatcher } from '../ports/bucket.ts';
import type { Clock } from '../ports/clock.ts';
import { createLeases, type RunningLeases } from '../runtime/log/leases.ts';
import type { NodeId } from '../state/node-id.ts';
import type { MemoryLink } from './memory-link.ts';
import type { MemoryLog } from './memory-log.ts';

const HEARTBEAT_MS = 2_000;

interface Options {
  readonly log: MemoryLog;
  readonly link: MemoryLink;
  readonly clock: Clock;
  readonly self: { readonly nodeId: NodeId; readonly incarnation: number };
}

/** The leases of one agent on a log in memory. The log is heard while the agent's clock runs. */
export function createMemoryLeases({ log, link, clock, self }: Options): RunningLeases {
  const { nodeId, incarnation } = self;
  const bucket = withHeartbeat(log.leases.over(link), clock, () => link.hears() && log.hasQuorum());
  return createLeases({ bucket, beats: log.beatsOver(link), clock, self: { nodeId, incarnation } });
}

function withHeartbeat(bucket: Bucket, clock: Clock, beats: () => boolean): Bucket {
  async function beat(watcher: BucketWatcher, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (beats()) watcher.onHeard();
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
