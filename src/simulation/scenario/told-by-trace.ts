import type { TraceEntry } from '../trace/entry.ts';
import { type Committed, committedTexts } from './committed-texts.ts';
import type { TimelineLine } from './timeline-line.ts';

type Of<T extends TraceEntry['type']> = Extract<TraceEntry, { readonly type: T }>;

/** What earlier entries said. */
interface Memory {
  /** Entries of the log, by kind and key. */
  readonly committed: Map<string, Committed>;
  /** By node id. */
  readonly hostnames: Map<string, string>;
  isFounded: boolean;
}

const FAULTS: Readonly<Record<string, (detail: string) => string>> = {
  'machine-wiped': (detail) => `is killed, and its disk is gone (${detail})`,
  'power-cut': (detail) => `is switched off (${detail})`,
  partitioned: (detail) => `the network is cut: ${detail}`,
};

/** What the trace itself says happened, in its order. Pure. */
export function toldByTrace(entries: readonly TraceEntry[]): readonly TimelineLine[] {
  const memory: Memory = {
    committed: new Map(),
    hostnames: new Map(),
    isFounded: false,
  };
  return entries.flatMap((entry) => {
    if (entry.type === 'log.committed') return committedLines(entry, memory);
    return textsOf(entry, memory).map((text) => ({ atMs: entry.atMs, host: entry.host, text }));
  });
}

function textsOf(entry: TraceEntry, memory: Memory): readonly string[] {
  switch (entry.type) {
    case 'agent.said':
      return foundingTexts(entry, memory);
    case 'agent.leads':
      return entry.term === null ? ['leads no longer'] : [];
    case 'fault.begun':
      return [FAULTS[entry.fault]?.(entry.detail) ?? `${entry.fault}: ${entry.detail}`];
    case 'script.edited':
      return [entry.detail];
    default:
      return [];
  }
}

function committedLines(entry: Of<'log.committed'>, memory: Memory): readonly TimelineLine[] {
  const { atMs, kind, key } = entry;
  const path = `${kind} ${key}`;
  const { of, texts, hostname } = committedTexts(entry, memory.committed.get(path));
  memory.committed.set(path, entry);
  if (hostname !== undefined) memory.hostnames.set(key, hostname);
  const host = memory.hostnames.get(of) ?? of;
  return texts.map((text) => ({ atMs, host, text }));
}

function foundingTexts({ text }: Of<'agent.said'>, memory: Memory): readonly string[] {
  const clusterId = /"event":"genesis\.formed","clusterId":"([^"]+)"/.exec(text)?.[1];
  if (clusterId === undefined || memory.isFounded) return [];
  memory.isFounded = true;
  return [`founds cluster ${clusterId}`];
}
