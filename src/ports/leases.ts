import type { NodeId } from '../state/node-id.ts';

export interface LeaseView {
  readonly nodeId: NodeId;
  readonly incarnation: number;
  /** Since this process last saw the lease renewed, by its own monotonic clock. */
  readonly ageMs: number;
}

/** The leader lease as this process last saw it. */
interface LeaderLease {
  /** What a claim has to name; 0 when there is no such lease. */
  readonly revision: number;
  /** For how long it was seen unchanged on a log that worked all the while. */
  readonly silenceMs: number;
}

/**
 * Signs of life. Those of nodes are kept nowhere, only heard; the leader's is one key that a quorum
 * holds, beside the log's entries.
 */
export interface Leases {
  /** Renews this node's lease. Rejects with RetryableError `lease.unconfirmed` when no replica is connected. */
  beat(): Promise<void>;
  list(): readonly LeaseView[];
  /** Age of the leader's lease for `term`; undefined when that term was never seen to beat. */
  leaderAgeMs(term: number): number | undefined;
  /**
   * Renews the leader lease of `term`. Rejects with `lease.unconfirmed` without a quorum, and with RetryableError `lease.lost`
   * once anybody claimed it: no beat of a term is confirmed after a claim.
   */
  beatLeader(term: number): Promise<void>;
  leaderLease(): LeaderLease;
  /**
   * Takes the leader lease from whoever held it, if its revision is still `seenRevision`: a holder
   * that beat meanwhile keeps it, however stale the view of the claimant. Rejects like `beatLeader`.
   */
  claimLeader(seenRevision: number): Promise<void>;
  /** Milliseconds since the log was last seen to change its own leader or to be unreachable. */
  sinceLogFailoverMs(): number;
}
