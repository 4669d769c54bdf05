import type { Entry, Kind } from './kinds.ts';

/** The local copy of the log, for pure questions that are asked of several kinds at once. */
export interface ReadableLog {
  get<K extends Kind>(kind: K, key: string): Entry<K> | undefined;
  list<K extends Kind>(kind: K): readonly Entry<K>[];
}
