import type { NodeId } from '../../state/node-id.ts';
import type { Acceptor } from './acceptor.ts';
import { type Ballot, compareBallots } from './ballot.ts';
import type { Proposal } from './message.ts';
import { type Instance, isQuorum } from './quorum.ts';
import { covers, type Roll } from './roll.ts';

/**
 * The guards that safety rests on. They are an argument of `step` so that a test can break one
 * at a time and see the search find it; everybody else passes `paxosRules`.
 */
export interface Rules {
  /** Whether this node votes at all in this epoch; `logIsDead`: see the input `log-never-formed`. */
  mayVote(instance: Instance, nodeId: NodeId, own: Acceptor<unknown>, logIsDead: boolean): boolean;
  /** Whether a voter may answer a prepare or accept of this ballot with yes. */
  mayAnswer(own: Acceptor<unknown>, ballot: Ballot, roll: Roll): boolean;
  /** Whether the voters carry a ballot with this roll. */
  isQuorum(instance: Instance, roll: Roll, voters: readonly NodeId[]): boolean;
  /** The proposal that a ballot must repeat, out of those its quorum reported; null: it is free. */
  binding<V>(reported: readonly (Proposal<V> | null)[]): Proposal<V> | null;
}

export const paxosRules: Rules = {
  mayVote({ replaces }, nodeId, own, logIsDead) {
    if (own.formed !== null) return false;
    if (replaces === null) return true;
    return logIsDead && (own.replicasStopped || !replaces.replicas.includes(nodeId));
  },

  mayAnswer(own, ballot, roll) {
    return compareBallots(ballot, own.promised) >= 0 && covers(roll, own.roll);
  },

  isQuorum,

  binding(reported) {
    return reported.reduce(higherProposal, null);
  },
};

function higherProposal<V>(
  left: Proposal<V> | null,
  right: Proposal<V> | null,
): Proposal<V> | null {
  return compareBallots(left?.ballot ?? null, right?.ballot ?? null) >= 0 ? left : right;
}
