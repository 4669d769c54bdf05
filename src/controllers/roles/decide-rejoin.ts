import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { missingNewcomers, returning } from '../../state/growth.ts';
import type { PromotionWay } from '../../state/promotion-way.ts';
import type { Roster } from '../../state/roster.ts';
import { mayGrow } from './decide-growth.ts';
import { reasonsForRejoin } from './reasons.ts';
import { type Answer, outOfService, stillLeaves } from './situation.ts';

/**
 * Whether a worker leaves Kubernetes now, to join as a control plane once its host is clean, and which:
 * undefined where newcomers are enough, or a worker may become one in place. What was asked of a node
 * before it was decided so goes on as it was asked.
 */
export function rejoin(
  roster: Roster,
  wanted: Pick<ClusterSpec, 'controlPlanes'>,
  { way, why }: PromotionWay,
): Answer | undefined {
  const [facts] = roster.promotable.order;
  const isAsked = way === 'rejoin' && mayGrow(roster, wanted) && missingNewcomers(roster) > 0;
  if (!facts || !isAsked) return undefined;

  const change = otherChange(roster);
  if (change !== undefined) {
    const message = `a worker is to be emptied and to join as a control plane: ${change}`;
    return { type: 'wait', wait: { reason: 'one-change', message } };
  }
  const reasons = reasonsForRejoin(roster, facts, why);
  return { type: 'go', leaver: { facts, task: 'retire', reasons } };
}

/** One node at a time is emptied (S6), and who is about to stand by is asked before another one is. */
function otherChange(roster: Roster): string | undefined {
  const [returner] = returning(roster);
  const cleaned = returner && `${returner} is cleaned, and stands by then`;
  return stillLeaves(roster) ?? cleaned ?? outOfService(roster.facts.values());
}
