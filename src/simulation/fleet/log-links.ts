import type { Bucket } from '../../ports/bucket.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogConnection } from '../../ports/log-connection.ts';
import type { Random } from '../../ports/random.ts';
import type { LogRecord } from '../../state/log-copy.ts';
import type { NodeId } from '../../state/node-id.ts';
import { createMemoryLink, type MemoryLink } from '../memory-link.ts';
import { isTooBig, type LinkQuality } from './link-quality.ts';
import { ONE_WAY_MS, type SimulatedLog } from './simulated-log.ts';

/** After which an agent gives up a write that nobody confirms (src/adapters/jetstream-bucket.ts). */
const WRITE_MS = 2_000;

export interface LinkOptions {
  readonly host: string;
  readonly nodeId: NodeId;
  readonly log: SimulatedLog;
  /** Of the life that connects. */
  readonly clock: Clock;
  readonly random: Random;
  readonly quality: LinkQuality;
  /** Whether that life goes on at the moment. */
  runs(): boolean;
  isOver(): boolean;
  /** What this agent hears of the log, and what it was promised. */
  onDelivered(record: LogRecord): void;
  onAcknowledged(path: string, revision: number): void;
  /** Its copy is as new as the log. */
  onSynced(revision: number): void;
}

export interface SimulatedConnection extends LogConnection {
  readonly link: MemoryLink;
}

/** The log as the agent of one host reaches it, for as long as that life lasts. */
export function connectLog(options: LinkOptions): SimulatedConnection {
  const { host, nodeId, log, clock, random, quality, runs, isOver } = options;
  const { memory, name } = log;
  const link = createMemoryLink(
    () => clock.sleep(random.number() * ONE_WAY_MS + quality.delayMs),
    () => runs() && quality.delayMs === 0,
  );
  link.setUp(false);
  const detach = log.attach({ host, link });
  const hears = () => runs() && link.hears() && memory.hasQuorum();
  return {
    link,
    entries: overheard(memory.entries.over(link, nodeId), options),
    leases: log.heartbeats.over(memory.leases.over(link), { hears, isOver }),
    beats: memory.beatsOver(link),
    whyWaiting: () =>
      link.isUp() ? undefined : `Waiting for a quorum of the replicas of log ${name}.`,
    // A simulated client finds every server that can be reached.
    follow: () => undefined,
    close: async () => detach(),
  };
}

function overheard(bucket: Bucket, options: LinkOptions): Bucket {
  const { onDelivered, onAcknowledged, onSynced, isOver, quality, clock } = options;
  return {
    ...bucket,
    async write(path, text, ifRevision) {
      // It never reaches a quorum of the replicas.
      if (isTooBig(text, quality)) {
        await clock.sleep(WRITE_MS);
        return { type: 'unavailable', message: 'no answer' };
      }
      const answer = await bucket.write(path, text, ifRevision);
      if (answer.type === 'written') onAcknowledged(path, answer.revision);
      return answer;
    },
    watch: (watcher) =>
      bucket.watch({
        ...watcher,
        // The log knows connections by their host, which may be back while this life is not.
        onRecord(record) {
          if (isOver()) return;
          onDelivered(record);
          watcher.onRecord(record);
        },
        onCaughtUp(paths, revision) {
          if (isOver()) return;
          watcher.onCaughtUp(paths, revision);
          onSynced(revision);
        },
      }),
  };
}
