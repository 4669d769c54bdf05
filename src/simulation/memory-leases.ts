import type { Clock } from '../ports/clock.ts';
import { createLeases, type RunningLeases } from '../runtime/log/leases.ts';
import type { NodeId } from '../state/node-id.ts';
import { createHeartbeats } from './heard-bucket.ts';
import type { MemoryLink } from './memory-link.ts';
import type { MemoryLog } from './memory-log.ts';

interface Options {
  readonly log: MemoryLog;
  readonly link: MemoryLink;
  readonly clock: Clock;
  readonly self: { readonly nodeId: NodeId; readonly incarnation: number };
}

/** The leases of one agent on a log in memory. The log is heard while the agent's clock runs. */
export function createMemoryLeases({ log, link, clock, self }: Options): RunningLeases {
  const { nodeId, incarnation } = self;
  const hears = () => link.hears() && log.hasQuorum();
  const bucket = createHeartbeats(clock).over(log.leases.over(link), {
    hears,
    isOver: () => false,
  });
  return createLeases({ bucket, beats: log.beatsOver(link), clock, self: { nodeId, incarnation } });
}
