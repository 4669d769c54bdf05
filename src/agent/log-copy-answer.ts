import { RetryableError } from '../errors.ts';
import type { StoreHandle } from '../ports/store.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import { entryPath } from '../state/keys.ts';
import type { Kind } from '../state/kinds.ts';
import type { LogRecord } from '../state/log-copy.ts';

/** What tells a cluster's shape; sealed keys and work under way stay out. */
const SHAPE: readonly Kind[] = [
  'spec',
  'node',
  'assignment',
  'liveness',
  'status',
  'replicas',
  'release',
];

/** A read-only copy of the cluster's shape, as `/v1/log-copy` gives it. */
export interface LogCopyAnswer {
  /** Of this form. */
  readonly version: 1;
  readonly record: GenesisRecord;
  readonly records: readonly LogRecord[];
  /** A sentence for each entry of the log that this release can not read. */
  readonly unread: readonly string[];
}

/** From the local copy, so also while the log does not answer. RetryableError `log-copy.no-cluster` before there is one. */
export function logCopyAnswer(
  record: GenesisRecord | null,
  store: StoreHandle | undefined,
): LogCopyAnswer {
  if (!record || !store) {
    throw new RetryableError(
      'log-copy.no-cluster',
      'There is no cluster yet: see what `civitas status` waits for.',
    );
  }
  const entries = SHAPE.flatMap((kind) => store.list(kind));
  const records = entries.map(({ kind, key, revision, value }) => {
    return { path: entryPath(kind, key), revision, text: JSON.stringify(value) };
  });
  return { version: 1, record, records, unread: store.problems().map(({ message }) => message) };
}
