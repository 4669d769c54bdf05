import type { Guard } from '../../state/decision-event.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import { reasonsForReplacement } from './reasons.ts';
import type { Proposal, Situation } from './situation.ts';

/** Where the spec says so, nobody is replaced before people allowed the plan as it is now. */
export function approval(situation: Situation, facts: NodeFacts): Guard {
  const { wanted, approved } = situation;
  if (wanted.replacement.policy === 'auto') {
    return { name: 'approval', passed: true, message: 'replacement.policy is auto' };
  }
  const planId = planIdOf(situation, facts);
  const passed = approved.has(planId);
  const message = passed
    ? `people approved ${planId}`
    : `it waits for \`civitas approve ${planId}\``;
  return { name: 'approval', passed, message };
}

/** What people are asked; `guards`: all of them, of which only theirs is not passed. */
export function proposal(
  situation: Situation,
  facts: NodeFacts,
  guards: readonly Guard[],
): Proposal {
  const summary = `take ${facts.node.hostname}, which is lost, out of the cluster and give its place as control plane to ${heirOf(situation)}`;
  const planned = `planned for people to approve: ${summary}`;
  return {
    planId: planIdOf(situation, facts),
    facts,
    candidate: next(situation)?.node.nodeId ?? null,
    summary,
    reasons: {
      ...reasonsForReplacement(situation.roster, facts, planned, guards),
      action: 'plan-replacement',
    },
  };
}

/** Who would take a place that is given up now, by its host name. */
export function heirOf(situation: Situation): string {
  return next(situation)?.node.hostname ?? 'nobody yet';
}

/**
 * The same whoever leads, and another one for another loss of the same node, and for another heir: what
 * people said of one is no word on the other.
 */
function planIdOf(situation: Situation, { node, assignment }: NodeFacts): string {
  const judgedAt = situation.judgedAt.get(node.nodeId) ?? 0;
  const since = Math.max(assignment?.revision ?? 0, judgedAt);
  return `replace-${node.nodeId}-${since}-${next(situation)?.node.nodeId ?? 'nobody'}`;
}

/** Who has no pods to disturb comes first. */
function next({ roster }: Situation): NodeFacts | undefined {
  return roster.candidates.order[0] ?? roster.promotable.order[0];
}
