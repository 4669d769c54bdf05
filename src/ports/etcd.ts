export interface EtcdMember {
  /** Hexadecimal, as etcdctl prints it. */
  readonly id: string;
  /** Empty while the member was added but never started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly learner: boolean;
}

/** What a running member says of itself. */
export interface EtcdMemberStatus {
  readonly id: string;
  /** The member it takes for the leader; null while it knows of none. */
  readonly leaderId: string | null;
  readonly raftTerm: number;
  /** Committed index; with the term it tells which of two survivors knows more. */
  readonly raftIndex: number;
  /** Of the key-value store. */
  readonly revision: number;
  readonly databaseBytes: number;
  /** Of the program, `3.6.5`. */
  readonly version: string;
  /** What is wrong with it, in its own words: no leader, alarms. */
  readonly errors: readonly string[];
}

export interface EtcdAlarm {
  readonly memberId: string;
  readonly kind: 'NOSPACE' | 'CORRUPT';
}

export interface EtcdHealth {
  /** `status` is undefined of a member that does not answer within two seconds. */
  readonly members: readonly (EtcdMember & { readonly status: EtcdMemberStatus | undefined })[];
  readonly alarms: readonly EtcdAlarm[];
}

/** A change of the members that etcd made, or refused in its own words: `etcdserver: …`. */
export type EtcdChange =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'refused'; readonly text: string };

export interface EtcdSnapshot {
  readonly bytes: number;
  /** Of the whole file, hexadecimal. */
  readonly sha256: string;
}

/**
 * This host's own etcd, but for `membersAt`; only on control planes. Where the host runs none, what looks answers
 * undefined. Everything rejects with RetryableError `etcd.unreachable` when etcd does not answer;
 * only `ownStatus` and `snapshot` answer without quorum.
 */
export interface Etcd {
  /** Linearizable. */
  members(): Promise<readonly EtcdMember[] | undefined>;
  /**
   * As a member on another host tells, by this host's keys: for a host whose own does not run. `address`: of
   * that host.
   */
  membersAt(address: string): Promise<readonly EtcdMember[] | undefined>;
  ownStatus(): Promise<EtcdMemberStatus | undefined>;
  /** The list is linearizable; what each member says of itself is asked of that member. */
  health(): Promise<EtcdHealth | undefined>;
  /** etcd refuses what would cost the quorum: its strict reconfiguration check stays on. */
  removeMember(id: string): Promise<EtcdChange>;
  /** Makes a learner a voter; refused until it is in sync with the leader. */
  promoteMember(id: string): Promise<EtcdChange>;
  /**
   * Tells the others where a member is to be found from now on; refused for what is no https URL, and
   * since etcd 3.6 for one that another member has.
   */
  updatePeerUrl(id: string, peerUrl: string): Promise<EtcdChange>;
  /** Asked of the leader itself, wherever it runs. */
  moveLeader(toId: string): Promise<EtcdChange>;
  /** Writes what this member knows into a new file of mode 0600, verified and synced. */
  snapshot(path: string): Promise<EtcdSnapshot>;
}
