import type { NodeId } from '../../state/node-id.ts';
import type { Ballot } from './ballot.ts';
import type { Instance } from './quorum.ts';

export interface GenesisConfig<V> {
  readonly nodeId: NodeId;
  readonly instance: Instance;
  readonly timings: Timings;
  /** The value of a ballot that is free to choose one. Pure; asked at most once per ballot. */
  propose(candidacy: Candidacy): V;
  /** Equal for equal values only, for instance the cluster id. */
  idOf(value: V): string;
}

/** Whom a new record can count on. Both lists contain this node. */
export interface Candidacy {
  readonly ballot: Ballot;
  /** These answered this very ballot. */
  readonly promised: readonly NodeId[];
  readonly reachable: readonly NodeId[];
}

export interface Timings {
  /** While fewer nodes can be reached than expected, none must have been new for this long. */
  readonly quietMs: number;
  /**
   * How long a node that expects and knows nobody else listens for a cluster of its token: three
   * questions of mDNS, at 0, 250 and 500 ms, and time for the answers.
   */
  readonly listenMs: number;
  /** A node lets every reachable node with a lower id go first, by this much each. */
  readonly headStartMs: number;
  readonly ballotTimeoutMs: number;
  /** The wait after a failed ballot: doubled by each failure, up to the maximum, and jittered. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

/** Safety depends on none of these. */
export const genesisTimings: Timings = {
  quietMs: 2_000,
  listenMs: 1_000,
  headStartMs: 300,
  ballotTimeoutMs: 1_000,
  backoffMs: 200,
  maxBackoffMs: 4_000,
};
