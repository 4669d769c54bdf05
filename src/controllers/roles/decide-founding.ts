import type { Assignment } from '../../state/assignment.ts';
import type { CandidateOrder } from '../../state/candidate-order.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Operation } from '../../state/operation.ts';
import type { WaitReason } from '../../state/status.ts';

/** How long the others wait for the node that genesis chose. */
const FIRST_CHOICE_WAIT_MS = 30_000;

export interface FoundingQuestion {
  /** Who was given the init before; undefined when nobody was. */
  readonly owner: NodeId | undefined;
  /** The choice of genesis. */
  readonly firstControlPlane: NodeId;
  /** For how long the leader has watched a log that worked. */
  readonly watchedMs: number;
  readonly candidates: CandidateOrder;
}

export type Founding =
  | { readonly type: 'found'; readonly facts: NodeFacts }
  | { readonly type: 'wait'; readonly wait: WaitReason };

/** Everybody who was ever asked to run the cluster's one init, or says so; never more than one (S2). */
export function initOwners(
  assignments: readonly Assignment[],
  operations: readonly Operation[],
): readonly NodeId[] {
  const inits = [...assignments, ...operations].filter(({ task }) => task === 'init');
  return [...new Set(inits.map(({ nodeId }) => nodeId))];
}

/**
 * Who founds a cluster that has no control plane: whoever was given the init before, and nobody
 * else ever; else the choice of genesis; else, once the log was watched for 30 s without it, the
 * best candidate.
 */
export function founding(question: FoundingQuestion): Founding {
  const { owner, firstControlPlane, watchedMs, candidates } = question;
  const first = owner ?? firstControlPlane;
  const facts = candidates.order.find(({ node }) => node.nodeId === first);
  if (facts) return { type: 'found', facts };

  const why = whyNot(first, candidates);
  if (owner !== undefined) return { type: 'wait', wait: frozenInit(why) };
  if (watchedMs < FIRST_CHOICE_WAIT_MS) return { type: 'wait', wait: waitForChoice(why) };
  const [best] = candidates.order;
  return best ? { type: 'found', facts: best } : { type: 'wait', wait: noCandidate(candidates) };
}

/** Why nothing is done once the only node that may ever run init is lost; `why` names it. */
export function frozenInit(why: string): WaitReason {
  const message = `the only node that may run init is lost: ${why}; bring it back, as a second init could make a second cluster`;
  return { reason: 'frozen', message };
}

function whyNot(nodeId: NodeId, { rejected }: CandidateOrder): string {
  const rejection = rejected.find(({ node }) => node.nodeId === nodeId);
  return rejection ? `${rejection.node.hostname} ${rejection.reason}` : `${nodeId} is not enrolled`;
}

function waitForChoice(why: string): WaitReason {
  const message = `waiting up to 30 s for the first control plane that genesis chose: ${why}`;
  return { reason: 'first-control-plane', message };
}

function noCandidate({ rejected }: CandidateOrder): WaitReason {
  const reasons = rejected.map(({ node, reason }) => `${node.hostname} ${reason}`);
  const message = `no node can be the first control plane: ${reasons.join(', ') || 'none is enrolled'}`;
  return { reason: 'first-control-plane', message };
}
