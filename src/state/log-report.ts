import type { NodeId } from './node-id.ts';

/** What a node says of the log whose genesis record it holds; the log of one epoch. */
export type LogReport =
  /** An entry of it was seen here: it came up, once at least. */
  | { readonly type: 'worked' }
  /** Nothing of it was ever seen here, and the replicas of these nodes do not answer now. */
  | { readonly type: 'silent'; readonly missing: readonly NodeId[] }
  /** This node's replicas are stopped for good; `used`: one of them holds something of the log. */
  | { readonly type: 'stopped'; readonly used: boolean };

/** What is to become of this node's replicas of a log. */
export type ReplicaFate =
  | 'serve'
  /** Stop them for good, look at what they left, and report `stopped`: the log may be re-founded. */
  | 'stop'
  /** The log is over, or as good as over: they must never start again. */
  | 'stay-stopped';
