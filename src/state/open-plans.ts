import { z } from 'zod';
import type { ClusterSpec } from './cluster-spec.ts';
import type { Entry } from './kinds.ts';
import { nodeIdSchema } from './node-id.ts';
import { planSchema } from './plan.ts';
import { type Rollout, rolloutSchema } from './rollout.ts';
import { consentFor } from './rollout-consent.ts';
import { progressOf, type RolloutEntries, rolloutOfKind } from './rollout-under-way.ts';

/** Something that the leader would do if people allowed it: a replacement, or a rollout. */
export const openPlanSchema = planSchema.extend({
  action: z.enum([...planSchema.shape.action.values, ...rolloutSchema.shape.action.options]),
  /** Null for a rollout, which is about the cluster. */
  nodeId: nodeIdSchema.nullable(),
  incarnation: z.int().min(1).nullable(),
  /** People allowed it already, and the leader is about to carry it out. */
  approved: z.boolean(),
});

export type OpenPlan = z.infer<typeof openPlanSchema>;

/** What of the log tells which plans are open. */
export interface OpenPlanEntries extends RolloutEntries {
  readonly spec: readonly Entry<'spec'>[];
  readonly plans: readonly Entry<'plan'>[];
  readonly approvals: readonly Entry<'approval'>[];
}

/** Replacements that were planned, then the rollouts that wait for approval. */
export function openPlans(entries: OpenPlanEntries): readonly OpenPlan[] {
  const [spec] = entries.spec;
  const about = { nodeId: null, incarnation: null, candidate: null };
  const rollouts = entries.rollouts.flatMap(({ key, value }): OpenPlan[] => {
    const { planId, term, action, summary, revision } = value;
    const isWanted = rolloutOfKind(action, entries)?.key === key;
    if (!isWanted || !spec || !awaitsApproval(value, spec.value, entries)) return [];
    if (isRenewedAnyway(value, entries)) return [];
    return [{ planId, term, action, ...about, summary, revision, approved: false }];
  });
  return [...plannedReplacements(entries), ...rollouts];
}

/** Certificates whose end is near are renewed without a word of people: the leader waits for none. */
function isRenewedAnyway({ planId, action }: Rollout, entries: OpenPlanEntries): boolean {
  if (action !== 'renew-certificates') return false;
  return progressOf(planId, entries)?.waiting?.reason !== 'approval';
}

/** Replacements that were planned, allowed or not. */
export function plannedReplacements({
  plans,
  approvals,
}: Pick<OpenPlanEntries, 'plans' | 'approvals'>): readonly OpenPlan[] {
  return plans.map(({ key, value }) => ({ ...value, approved: isApproved(key, approvals) }));
}

/** Whether nothing of a rollout begins before people allow it. */
export function awaitsApproval(
  { planId, action }: Pick<Rollout, 'planId' | 'action'>,
  spec: Pick<ClusterSpec, 'upgrade' | 'certificates'>,
  { approvals }: Pick<OpenPlanEntries, 'approvals'>,
): boolean {
  return consentFor(action, spec).policy === 'approve' && !isApproved(planId, approvals);
}

function isApproved(planId: string, approvals: readonly Entry<'approval'>[]): boolean {
  return approvals.some(({ key }) => key === planId);
}
