import type { NodeId } from '../../state/node-id.ts';
import type { Roll } from './roll.ts';

/** What is decided, and among whom. */
export interface Instance {
  readonly epoch: number;
  /** How many nodes the token promises. */
  readonly expectedNodes: number;
  /** The epoch whose log never came up and which this one replaces; null for the first epoch. */
  readonly replaces: ReplacedEpoch | null;
}

export interface ReplacedEpoch {
  readonly epoch: number;
  /** One nodeId per log replica, repeated where one node runs several of them. */
  readonly replicas: readonly NodeId[];
}

/**
 * How many voters a ballot with this roll needs, in either phase.
 *
 * Nodes have no names before they meet, and more may start than the token promises. With
 * Q = ⌊N/2⌋+1 of the expected N, two quorums are sure to meet only among fewer than 2Q nodes.
 * So every node keeps on disk a roll of all nodes it ever heard of; every ballot carries a roll;
 * a node answers a ballot only if that roll covers its own, and takes it over. A ballot with
 * roll R needs
 *
 *     q(R) = max(Q, |R| − Q + 1)
 *
 * votes out of R: however many nodes there are, at most Q − 1 may be missing.
 *
 * Claim: of two ballots a < b, the nodes A that accepted a and the nodes P that promised b share
 * a node if A ⊆ R(b) or P ⊆ R(a). Proof: if A ⊆ R(b), both lie within R(b), and |A| + |P| ≥
 * Q + |R(b)| − Q + 1 > |R(b)|; likewise the other way round. The shared node tells b what a
 * chose, or refuses a: that is all Paxos needs.
 *
 * So two records need A ⊄ R(b) and P ⊄ R(a): two groups of at least Q nodes each, none in both,
 * and when they voted each had a member that nobody in the other had heard of. Fewer than 2Q
 * nodes cannot do that (so never N; nor can N + 1 if N is even), nor any number of nodes that
 * heard of each other first, whatever fails afterwards. Two groups of Q that never had contact
 * with each other can. No protocol excludes that and still founds a cluster of Q out of N nodes:
 * to each group the world looks exactly like that case.
 *
 * Liveness pays: a node that was heard of and is gone for good, or was wiped and came back under
 * another name, stays on the roll. More than Q − 1 of those stop the genesis until they return or
 * the other unformed nodes are wiped too.
 *
 * A later epoch is decided among named nodes, the replicas of the one before: it needs only Q.
 */
export function quorumSize({ expectedNodes, replaces }: Instance, roll: Roll): number {
  const quorum = majority(expectedNodes);
  return replaces === null ? Math.max(quorum, roll.length - quorum + 1) : quorum;
}

/**
 * Whether these voters, all different and on the roll, suffice. A later epoch also needs those
 * that run a majority of the replicas it replaces. Two such majorities share a node; and each
 * of these nodes stopped its replicas for good before it voted, so the old log never writes again.
 */
export function isQuorum(instance: Instance, roll: Roll, voters: readonly NodeId[]): boolean {
  if (voters.length < quorumSize(instance, roll)) return false;
  if (instance.replaces === null) return true;
  const { replicas } = instance.replaces;
  const stopped = replicas.filter((nodeId) => voters.includes(nodeId));
  return stopped.length >= majority(replicas.length);
}

function majority(count: number): number {
  return Math.floor(count / 2) + 1;
}
