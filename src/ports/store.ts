import type { Entry, Kind, Value } from '../state/kinds.ts';
import type { Problem } from '../state/log-copy.ts';

/** The log as controllers see it: typed entries changed by compare-and-swap. */
export interface Store {
  /**
   * False until this process has caught up with the log, and while its watch of the log is broken:
   * then the copy may be any age, and asks perhaps for what was done long ago.
   */
  readonly synced: boolean;
  /** From the local copy: may be stale, so a decision taken from it must be written with its revision. */
  get<K extends Kind>(kind: K, key: string): Entry<K> | undefined;
  /** All entries of a kind from the local copy, in key order. */
  list<K extends Kind>(kind: K): readonly Entry<K>[];
  /**
   * Writes when the key's revision is still `ifRevision` (0: the key must not exist) and resolves
   * to the new revision once a quorum has it on disk. Rejects with RetryableError `store.conflict`
   * when the revision moved, `store.unavailable` when no quorum answered: then the write may or may
   * not have happened, so observe before deciding again. As long as the log was never there, that
   * is `store.not-yet`, and no failure.
   */
  put<K extends Kind>(kind: K, key: string, value: Value<K>, ifRevision: number): Promise<number>;
  /** Deletes under the same rule. */
  remove(kind: Kind, key: string, ifRevision: number): Promise<void>;
  /** Calls back after the local copy changed; returns the unsubscribe function. */
  onChange(callback: (kind: Kind, key: string) => void): () => void;
}

/** The store as whoever opened it holds it. */
export interface StoreHandle extends Store {
  /** Resolves once the local copy was as new as the log for the first time. */
  readonly ready: Promise<void>;
  /** Entries this version cannot read: while there is one, nothing is done but what brings the log back (S25). */
  problems(): readonly Problem[];
  /** Ends the watch and writes the local copy to disk a last time. */
  stop(): Promise<void>;
}
