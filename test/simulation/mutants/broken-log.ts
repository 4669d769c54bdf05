import type { Bucket } from '../../../src/ports/bucket.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import type { SimulatedLog } from '../../../src/simulation/fleet/simulated-log.ts';
import type { NodeId } from '../../../src/state/node-id.ts';

type Break = (bucket: Bucket, writer: NodeId | undefined) => Bucket;

/** Puts another bucket between every agent and the entries of every log that is founded from now on. */
export function breakLogs(fleet: Fleet, change: Break): void {
  const { of } = fleet.logs;
  const broken = new Map<SimulatedLog, SimulatedLog>();
  Object.assign(fleet.logs, {
    of(record: Parameters<typeof of>[0]) {
      const log = of(record);
      const known = broken.get(log) ?? withBrokenEntries(log, change);
      broken.set(log, known);
      return known;
    },
  });
}

function withBrokenEntries(log: SimulatedLog, change: Break): SimulatedLog {
  const { memory } = log;
  const { entries } = memory;
  return {
    ...log,
    memory: {
      ...memory,
      entries: { ...entries, over: (link, writer) => change(entries.over(link, writer), writer) },
    },
  };
}
