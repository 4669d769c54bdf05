import { z } from 'zod';
import { planIdSchema } from './plan.ts';
import { progressSchema, rolloutSchema } from './rollout.ts';
import { rolloutUnderWay } from './rollout-under-way.ts';
import { type RolloutViewEntries, rolloutView, type StepView } from './rollout-view.ts';
import { waitSchema } from './status.ts';

/** The rollout under way in a few words, for `civitas status`. */
export const rolloutSummarySchema = z.strictObject({
  planId: planIdSchema,
  action: rolloutSchema.shape.action,
  state: progressSchema.shape.state,
  /** Of the plan; `-` before the first one. */
  stage: z.string(),
  steps: z.int(),
  doneSteps: z.int(),
  /** What is done right now, `n2 upgrade-kubelet: starts the kubelet`, a sentence for each node. */
  doing: z.array(z.string()),
  /** What it waits for and what would end that: the rollout as a whole, else a step of it. */
  waiting: waitSchema.nullable(),
});

export type RolloutSummary = z.infer<typeof rolloutSummarySchema>;

/** Null when no rollout is under way. Pure. */
export function rolloutSummary(entries: RolloutViewEntries): RolloutSummary | null {
  const newest = rolloutUnderWay(entries);
  if (newest === undefined) return null;
  const { planId, action, state, stage, steps, doneSteps, waiting } = rolloutView(
    newest,
    entries,
    newest.value.plannedWallMs,
  );
  const underWay = steps.filter((step) => step.state === 'under-way');
  return {
    planId,
    action,
    state,
    stage,
    steps: steps.length,
    doneSteps,
    doing: underWay.map(doingText),
    waiting: waiting ?? underWay.find((step) => step.waiting !== null)?.waiting ?? null,
  };
}

function doingText({ hostname, task, doing }: StepView): string {
  return doing === null ? `${hostname} ${task}` : `${hostname} ${task}: ${doing}`;
}
