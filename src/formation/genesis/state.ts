import type { NodeId } from '../../state/node-id.ts';
import { type Acceptor, newAcceptor } from './acceptor.ts';
import type { Ballot } from './ballot.ts';
import type { GenesisConfig } from './config.ts';
import type { Proposal } from './message.ts';
import type { Roll } from './roll.ts';

/** Plain JSON. Only `acceptor` outlives the process. */
export interface GenesisState<V> {
  readonly acceptor: Acceptor<V>;
  readonly proposer: Proposer<V>;
  /** This node and the peers that answer it, sorted. */
  readonly reachable: readonly NodeId[];
  /** The peers that hold a record of this epoch. */
  readonly holders: readonly NodeId[];
  readonly highestRoundSeen: number;
  readonly failedBallots: number;
  /** No ballot of this node starts earlier: it backs off, or lets another one finish. */
  readonly notBeforeMs: number;
  readonly lastNewcomerMs: number;
  /** Since when nothing but whose turn it is keeps this node from proposing. */
  readonly clearSinceMs: number | null;
  readonly waiting: { readonly reason: string; readonly sinceMs: number };
  /** The log of the replaced epoch never came up, as far as this node can see. */
  readonly logIsDead: boolean;
  readonly stopRequested: boolean;
}

export type Proposer<V> = { readonly phase: 'idle' } | Preparing<V> | Accepting<V>;

interface OpenBallot {
  readonly ballot: Ballot;
  readonly roll: Roll;
  readonly deadlineMs: number;
}

interface Preparing<V> extends OpenBallot {
  readonly phase: 'preparing';
  readonly promises: readonly Promised<V>[];
}

interface Accepting<V> extends OpenBallot {
  readonly phase: 'accepting';
  readonly value: V;
  readonly acceptedBy: readonly NodeId[];
}

interface Promised<V> {
  readonly from: NodeId;
  readonly accepted: Proposal<V> | null;
}

/** A fresh start of the process; `stored` is what the last `persist` wrote, null if there is none. */
export function startGenesis<V>(
  { nodeId, instance }: GenesisConfig<V>,
  stored: Acceptor<V> | null,
  nowMs: number,
): GenesisState<V> {
  return {
    acceptor: stored ?? newAcceptor(instance.epoch, nodeId),
    proposer: { phase: 'idle' },
    reachable: [nodeId],
    holders: [],
    highestRoundSeen: 0,
    failedBallots: 0,
    notBeforeMs: nowMs,
    lastNewcomerMs: nowMs,
    clearSinceMs: null,
    waiting: { reason: 'too-few-nodes', sinceMs: nowMs },
    logIsDead: false,
    stopRequested: false,
  };
}
