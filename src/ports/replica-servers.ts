import type { GenesisRecord, Replica } from '../state/genesis-record.ts';
import type { WaitReason } from '../state/status.ts';

export interface ReplicaServerView {
  /** Also of a server that was started once and does not run. */
  readonly serverName: string;
  /** It runs, or whoever runs it is bringing it back already: nothing is left to start. */
  readonly running: boolean;
  /** What keeps it from serving though it was started, and the cure; the reason is an error code. */
  readonly problem?: WaitReason;
}

/** What a replica that was stopped for good had become part of. */
export type ReplicaRemains = 'used' | 'unused';

/** nats-servers of the log on this host: systemd units, or supervised processes in the demo. */
export interface ReplicaServers {
  observe(): Promise<readonly ReplicaServerView[]>;
  /** Server names of the log's replicas, on whatever host, that greet whoever connects. */
  answering(record: GenesisRecord): Promise<readonly string[]>;
  /**
   * Writes configuration and certificates and starts the server; safe to repeat. Resolves once it
   * was told to start: how it does from then on is observed. A store that the server itself finds
   * damaged is set aside, never deleted, once the other two replicas hold all of the log without it.
   */
  start(replica: Replica, record: GenesisRecord): Promise<void>;
  /**
   * For one that runs: what it is started from the next time. It is restarted for that only where it is to
   * listen at another address.
   */
  refresh(replica: Replica, record: GenesisRecord): Promise<void>;
  /** Stops and disables; its store stays. */
  stop(serverName: string): Promise<void>;
  /**
   * Stops the server so that not even a power cut brings it back, and resolves to what its store
   * then holds: `unused` when no write of the log can be among it. Only `start` undoes this.
   */
  retire(serverName: string): Promise<ReplicaRemains>;
  /** Stops the server for good and removes all that is left of it. Not to be undone. */
  discard(serverName: string): Promise<void>;
}
