import type { Bucket } from '../../../src/ports/bucket.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import type { SimulatedLog } from '../../../src/simulation/fleet/simulated-log.ts';
import type { MemoryBucket } from '../../../src/simulation/memory-bucket.ts';
import type { NodeId } from '../../../src/state/node-id.ts';

type Part = 'entries' | 'leases';
type Break = (bucket: Bucket, writer: NodeId | undefined) => Bucket;

/** Puts another bucket between every agent and one part of every log that is founded from now on. */
export function breakLogs(fleet: Fleet, change: Break, part: Part = 'entries'): void {
  const { of } = fleet.logs;
  const broken = new Map<SimulatedLog, SimulatedLog>();
  Object.assign(fleet.logs, {
    of(record: Parameters<typeof of>[0]) {
      const log = of(record);
      const known = broken.get(log) ?? withBrokenPart(log, change, part);
      broken.set(log, known);
      return known;
    },
  });
}

function withBrokenPart(log: SimulatedLog, change: Break, part: Part): SimulatedLog {
  const { memory } = log;
  const sound = memory[part];
  const over: MemoryBucket['over'] = (link, writer) => change(sound.over(link, writer), writer);
  return { ...log, memory: { ...memory, [part]: { ...sound, over } } };
}
