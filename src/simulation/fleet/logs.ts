import { type GenesisRecord, logName } from '../../state/genesis-record.ts';
import { createSimulatedLog, type LogSurroundings, type SimulatedLog } from './simulated-log.ts';

/** The logs of all epochs and clusters that these machines ever founded. */
export interface Logs {
  /** Made when somebody asks for it first: a log is what its replicas make of it. */
  of(record: GenesisRecord): SimulatedLog;
  /** By its name; undefined when nobody asked for it yet. */
  named(name: string): SimulatedLog | undefined;
  all(): readonly SimulatedLog[];
  /** The one whose leader was elected last. */
  newest(): SimulatedLog | undefined;
}

export function createLogs(around: LogSurroundings, onCreated: (log: SimulatedLog) => void): Logs {
  const logs = new Map<string, SimulatedLog>();
  return {
    of(record) {
      const name = logName(record);
      const known = logs.get(name);
      if (known) return known;
      const log = createSimulatedLog(record, around);
      logs.set(name, log);
      onCreated(log);
      return log;
    },
    named: (name) => logs.get(name),
    all: () => [...logs.values()],
    newest: () => [...logs.values()].at(-1),
  };
}
