import type { GenesisRecord, Replica } from '../state/genesis-record.ts';

/** A server in a group of the log, by the word of that group's leader. */
export interface LogMember {
  readonly serverName: string;
  /** By it a member can be removed whose name nobody knows any more. */
  readonly peerId: string;
  /** Heard of within the last seconds. */
  readonly answers: boolean;
  /** Answers, and has all that the leader has. */
  readonly current: boolean;
}

/** Servers that agree by majority: on which servers there are, or on the content of one bucket. */
export interface LogGroup {
  /** Server name. */
  readonly leader: string;
  /** The leader among them. */
  readonly members: readonly LogMember[];
}

/** Each by the word of its own leader, to whom a majority listens. */
export interface LogGroups {
  /** All servers that belong to the log. */
  readonly meta: LogGroup;
  readonly buckets: readonly LogGroup[];
}

/** The log of this record, and where its servers may be. */
export interface LogPlaces extends Pick<GenesisRecord, 'clusterId' | 'epoch'> {
  readonly replicas: readonly Replica[];
}

/**
 * Which servers the log consists of, asked of these servers themselves. Changes resolve once they
 * were asked for; whether they happened is known only by looking again, also when a call rejects
 * (RetryableError `log.peers-unanswered`).
 */
export interface LogPeers {
  /** Undefined unless each group has a leader that answers and that a majority of it listens to. */
  groups(places: LogPlaces): Promise<LogGroups | undefined>;
  /** Has the buckets moved off a server, to others of the log; it stays a member. */
  evacuate(places: LogPlaces, member: LogMember): Promise<void>;
  /** Gives the lead of the servers to this one. */
  lead(places: LogPlaces, serverName: string): Promise<void>;
  /** Takes a server out of the log for good. Never without a majority that can do without it. */
  remove(places: LogPlaces, member: LogMember): Promise<void>;
}
