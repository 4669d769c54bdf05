import { z } from 'zod';
import { type EntryAddress, parseEntryPath } from './keys.ts';
import { type Entry, type Kind, kindSchemas } from './kinds.ts';
import { parseJson } from './parse-json.ts';

/** One key of the log as the replicas hold it: JSON text, or null once it was deleted. */
export const recordSchema = z.strictObject({
  path: z.string().max(512),
  revision: z.int().min(1),
  text: z.string().nullable(),
});

export type LogRecord = z.infer<typeof recordSchema>;

/** An entry this version cannot read, so written by a newer one: reason enough to stop acting (S25). */
export interface Problem {
  readonly path: string;
  readonly revision: number;
  readonly message: string;
}

/**
 * A copy of the log in memory, fed in any order: per key the highest revision wins, so what was
 * written here is never undone by an older delivery.
 */
export interface LogCopy {
  get<K extends Kind>(kind: K, key: string): Entry<K> | undefined;
  /** In key order. */
  list<K extends Kind>(kind: K): readonly Entry<K>[];
  /** The key that changed, or undefined when the record is not newer or its key not known here. */
  apply(record: LogRecord): EntryAddress | undefined;
  /** Drops what is not among `paths` and was last changed at or before `revision`. */
  retain(paths: ReadonlySet<string>, revision: number): readonly EntryAddress[];
  problems(): readonly Problem[];
  /** All records that are not deleted, also those that this version cannot read. */
  records(): readonly LogRecord[];
}

interface Held {
  readonly record: LogRecord;
  readonly parsed: Parsed;
}

type Parsed =
  | { readonly type: 'entry'; readonly entry: Entry<Kind> }
  | { readonly type: 'deleted' }
  | { readonly type: 'problem'; readonly problem: Problem };

export function createLogCopy(): LogCopy {
  const held = new Map<string, Held>();
  const kinds = new Map<Kind, Map<string, Entry<Kind>>>();
  /** In key order, until one of that kind changes. */
  const lists = new Map<Kind, readonly Entry<Kind>[]>();
  /** Until anything changes. */
  let problems: readonly Problem[] | undefined;

  function entriesOf(kind: Kind): Map<string, Entry<Kind>> {
    const known = kinds.get(kind);
    if (known) return known;
    const entries = new Map<string, Entry<Kind>>();
    kinds.set(kind, entries);
    return entries;
  }

  function listOf(kind: Kind): readonly Entry<Kind>[] {
    const known = lists.get(kind);
    if (known) return known;
    const list = [...entriesOf(kind).values()].sort(byKey);
    lists.set(kind, list);
    return list;
  }

  function problemsNow(): readonly Problem[] {
    return [...held.values()].flatMap(({ parsed }) =>
      parsed.type === 'problem' ? [parsed.problem] : [],
    );
  }

  function show({ kind, key }: EntryAddress, parsed: Parsed | undefined): void {
    lists.delete(kind);
    if (parsed?.type === 'entry') entriesOf(kind).set(key, parsed.entry);
    else entriesOf(kind).delete(key);
  }

  function drop(path: string): EntryAddress | undefined {
    const wasDeleted = held.get(path)?.parsed.type === 'deleted';
    held.delete(path);
    problems = undefined;
    const address = parseEntryPath(path);
    if (!address || wasDeleted) return undefined;
    show(address, undefined);
    return address;
  }

  return {
    // The cast is safe: `parse` made every entry of this map with the schema of its kind.
    get: <K extends Kind>(kind: K, key: string) => entriesOf(kind).get(key) as Entry<K> | undefined,
    list: <K extends Kind>(kind: K) => listOf(kind) as unknown as readonly Entry<K>[],
    apply(record) {
      if (record.revision <= (held.get(record.path)?.record.revision ?? 0)) return undefined;
      const address = parseEntryPath(record.path);
      const parsed = parse(record, address);
      held.set(record.path, { record, parsed });
      problems = undefined;
      if (address) show(address, parsed);
      return address;
    },
    retain(paths, revision) {
      const gone = [...held.values()].filter(
        ({ record }) => record.revision <= revision && !paths.has(record.path),
      );
      return gone.map(({ record }) => drop(record.path)).filter((address) => address !== undefined);
    },
    problems() {
      problems ??= problemsNow();
      return problems;
    },
    records: () =>
      [...held.values()].map(({ record }) => record).filter(({ text }) => text !== null),
  };
}

function parse(record: LogRecord, address: EntryAddress | undefined): Parsed {
  const { path, revision, text } = record;
  if (text === null) return { type: 'deleted' };
  const problem = (message: string): Parsed => ({
    type: 'problem',
    problem: { path, revision, message },
  });
  if (!address) return problem(`The log holds ${path}, a kind that this version does not know.`);
  const { kind, key } = address;
  const parsed = kindSchemas[kind].safeParse(parseJson(text));
  if (!parsed.success) {
    const fields = z.prettifyError(parsed.error).slice(0, 300);
    return problem(`The log's entry ${path} does not fit this version: ${fields}`);
  }
  return { type: 'entry', entry: { kind, key, value: parsed.data, revision } };
}

function byKey(a: Entry<Kind>, b: Entry<Kind>): number {
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}
