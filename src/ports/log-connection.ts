import type { Replica } from '../state/genesis-record.ts';
import type { Beats } from './beats.ts';
import type { Bucket } from './bucket.ts';

/** One log, by its genesis record, as an agent reaches it; it goes on trying until it is closed. */
export interface LogConnection {
  /** What the cluster decided. */
  readonly entries: Bucket;
  /** The leader lease alone: it is renewed all the time, and no entry. */
  readonly leases: Bucket;
  readonly beats: Beats;
  /** One sentence while the log does not confirm writes; undefined while it does. */
  whyWaiting(): string | undefined;
  /** The log is at these places from now on; a connection to one of them goes on as it is. */
  follow(replicas: readonly Replica[]): void;
  close(): Promise<void>;
}
