import type { LogRecord } from '../state/log-copy.ts';

export type BucketWrite =
  | { readonly type: 'written'; readonly revision: number }
  /** The key was at another revision. */
  | { readonly type: 'conflict' }
  /** No quorum said so in time: it may have been written or not. */
  | { readonly type: 'unavailable'; readonly message: string };

export type BucketRead =
  | { readonly type: 'read'; readonly record: LogRecord | undefined }
  | { readonly type: 'unavailable'; readonly message: string };

/** A key space of the replicated log: texts changed by compare-and-swap. Below Store and Leases. */
export interface Bucket {
  /**
   * Sets a key to `text`, or deletes it (null), if it is still at `ifRevision` (0: it must not
   * exist; undefined: whatever it is). Never rejects.
   */
  write(path: string, text: string | null, ifRevision: number | undefined): Promise<BucketWrite>;
  /** As the replicas' leader has it. Not linearizable: only a write can prove that it was. */
  read(path: string): Promise<BucketRead>;
  /** Follows the bucket until stopped, through any failure. */
  watch(watcher: BucketWatcher): () => void;
}

export interface BucketWatcher {
  /** Each key as it is now, then each change; any of them possibly more than once. */
  onRecord(record: LogRecord): void;
  /** All that exists was delivered: exactly these keys, as of a revision that `onRecord` has reached. */
  onCaughtUp(paths: ReadonlySet<string>, revision: number): void;
  /** The log is there, whether or not anything changed. At least every 2 s while all is well. */
  onHeard(): void;
  /** The watch broke; `onCaughtUp` comes again once it is whole. */
  onInterrupted(): void;
  /** The bucket has another leader among the replicas, so some writes got no answer. */
  onFailover(): void;
}
