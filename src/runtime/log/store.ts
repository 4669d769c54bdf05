import { RetryableError } from '../../errors.ts';
import type { Bucket } from '../../ports/bucket.ts';
import type { StoreHandle } from '../../ports/store.ts';
import { entryText } from '../../state/checked-entry.ts';
import { type EntryAddress, entryPath } from '../../state/keys.ts';
import type { Kind } from '../../state/kinds.ts';
import { createLogCopy, type LogRecord } from '../../state/log-copy.ts';
import type { CopyKeeper } from './copy-keeper.ts';

export interface StoreOptions {
  readonly bucket: Bucket;
  /** Keeps the copy over restarts; without one it begins empty. */
  readonly keeper?: CopyKeeper;
  /** What the keeper found on disk. */
  readonly records?: readonly LogRecord[];
}

/**
 * The typed store over one bucket, with a local copy that one watch keeps up to date. What this
 * process wrote it also reads: an acknowledged write is in the copy before `put` resolves, and no
 * older delivery undoes it.
 */
export function createStore({ bucket, keeper, records = [] }: StoreOptions): StoreHandle {
  const copy = createLogCopy();
  const callbacks = new Set<(kind: Kind, key: string) => void>();
  const firstSync = Promise.withResolvers<void>();
  let synced = false;
  let wasSynced = false;

  function tell({ kind, key }: EntryAddress): void {
    keeper?.changed();
    for (const callback of [...callbacks]) callback(kind, key);
  }

  function apply(record: LogRecord): void {
    const address = copy.apply(record);
    if (address) tell(address);
  }

  async function write(path: string, text: string | null, ifRevision: number): Promise<number> {
    const answer = await bucket.write(path, text, ifRevision);
    switch (answer.type) {
      case 'written':
        apply({ path, revision: answer.revision, text });
        return answer.revision;
      case 'conflict':
        throw conflict(path, ifRevision);
      case 'unavailable':
        throw wasSynced ? unavailable(path, answer.message) : notYet(answer.message);
    }
  }

  for (const record of records) copy.apply(record);
  const unwatch = bucket.watch({
    onRecord: apply,
    onCaughtUp(paths, revision) {
      copy.retain(paths, revision).forEach(tell);
      synced = true;
      wasSynced = true;
      firstSync.resolve();
    },
    onInterrupted() {
      synced = false;
    },
    onHeard: () => undefined,
    onFailover: () => undefined,
  });
  keeper?.start(copy.records);

  return {
    ready: firstSync.promise,
    get synced() {
      return synced;
    },
    get: copy.get,
    list: copy.list,
    problems: copy.problems,
    put: async (kind, key, value, ifRevision) =>
      write(entryPath(kind, key), entryText(kind, key, value), ifRevision),
    async remove(kind, key, ifRevision) {
      if (ifRevision === 0) return;
      await write(entryPath(kind, key), null, ifRevision);
    },
    onChange(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    async stop() {
      unwatch();
      await keeper?.stop();
    },
  };
}

function conflict(path: string, ifRevision: number): RetryableError {
  const message = `${path} is no longer at revision ${ifRevision}, as somebody else changed it first: nothing is to be done, the next pass decides anew.`;
  return new RetryableError('store.conflict', message);
}

function unavailable(path: string, reason: string): RetryableError {
  const message = `The log did not confirm the write of ${path} (${reason}): bring two of its three replicas back, if it does not go on by itself.`;
  return new RetryableError('store.unavailable', message);
}

function notYet(reason: string): RetryableError {
  const message = `waiting for the log, which has not answered since this agent started (${reason}): it goes on once two of its three replicas run`;
  return new RetryableError('store.not-yet', message);
}
