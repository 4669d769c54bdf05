import { parseEntryPath } from '../../state/keys.ts';
import type { LogRecord } from '../../state/log-copy.ts';
import type { NodeId } from '../../state/node-id.ts';
import { digestOf } from './digest.ts';
import type { Trace, TraceEntry, TraceHeader } from './entry.ts';

type Told<E> = E extends TraceEntry ? Omit<E, 'atMs' | 'host'> : never;

/** What happened, without the moment and the place. */
export type TraceEvent = Told<TraceEntry>;

/** Writes down what happens in a run, in order. */
export interface Recorder {
  note(host: string, event: TraceEvent): void;
  noteCommitted(log: string, record: LogRecord, writer: NodeId | undefined, host: string): void;
  noteAcknowledged(log: string, host: string, path: string, revision: number): void;
  noteDelivered(log: string, host: string, record: LogRecord): void;
  /** Calls back with each entry as it is noted. */
  onEntry(callback: (entry: TraceEntry) => void): void;
  trace(): Trace;
}

export function createRecorder(header: TraceHeader, nowMs: () => number): Recorder {
  const entries: TraceEntry[] = [];
  const callbacks: ((entry: TraceEntry) => void)[] = [];

  function note(host: string, event: TraceEvent): void {
    // Sound: an event is an entry less these two, and a union of them is spread member by member.
    const entry = { atMs: nowMs(), host, ...event } as TraceEntry;
    entries.push(entry);
    for (const callback of callbacks) callback(entry);
  }

  return {
    note,
    noteCommitted(log, { path, revision, text }, writer, host) {
      const address = parseEntryPath(path);
      if (!address) return;
      const value: unknown = text === null ? null : JSON.parse(text);
      note(host, { type: 'log.committed', log, ...address, revision, value, by: writer ?? null });
    },
    noteAcknowledged(log, host, path, revision) {
      const address = parseEntryPath(path);
      if (address) note(host, { type: 'log.acknowledged', log, ...address, revision });
    },
    noteDelivered(log, host, { path, revision, text }) {
      note(host, { type: 'log.delivered', log, path, revision, digest: digestOf(text ?? '') });
    },
    onEntry: (callback) => {
      callbacks.push(callback);
    },
    trace: () => ({ header, entries }),
  };
}
