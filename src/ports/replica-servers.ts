import type { GenesisRecord, Replica } from '../state/genesis-record.ts';

export interface ReplicaServerView {
  readonly serverName: string;
  readonly running: boolean;
}

/** nats-servers of the log on this host: systemd units, or supervised processes in the demo. */
export interface ReplicaServers {
  observe(): Promise<readonly ReplicaServerView[]>;
  /** True when every replica of the log, on whatever host, greets whoever connects. */
  allAnswer(record: GenesisRecord): Promise<boolean>;
  /** Writes configuration and certificates and starts the server; safe to repeat. */
  start(replica: Replica, record: GenesisRecord): Promise<void>;
  /** Stops and disables; its store stays. */
  stop(serverName: string): Promise<void>;
}
