import type { Clock } from '../ports/clock.ts';
import { createLeases, type RunningLeases } from '../runtime/log/leases.ts';
import type { NodeId } from '../state/node-id.ts';
import { withHeartbeat } from './heard-bucket.ts';
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
  const bucket = withHeartbeat(log.leases.over(link), clock, () => link.hears() && log.hasQuorum());
  return createLeases({ bucket, beats: log.beatsOver(link), clock, self: { nodeId, incarnation } });
}
