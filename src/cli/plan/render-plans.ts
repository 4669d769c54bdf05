import type { OpenPlan } from '../../state/open-plans.ts';
import type { RolloutView } from '../../state/rollout-view.ts';
import { durationText } from '../duration-text.ts';
import { plainTable } from '../plain-table.ts';
import { waitText } from './wait-text.ts';

interface Options {
  readonly wide: boolean;
  /** Now, on the wall clock that the waits were dated with. */
  readonly wallMs: number;
}

const HEAD = ['PLAN', 'ACTION', 'STATE', 'STEPS', 'STAGE', 'AGE', 'LEFT', 'WAITS FOR'];

/** The human form of `civitas plan`: rollouts, oldest first, then what waits for approval. */
export function renderPlans(
  rollouts: readonly RolloutView[],
  plans: readonly OpenPlan[],
  { wide, wallMs }: Options,
): string {
  if (rollouts.length + plans.length === 0) return 'Nothing is planned.\n';
  const rows = [
    ...rollouts.map((rollout) => [...rolloutRow(rollout, wallMs), rollout.summary]),
    ...plans.map((each) => [...planRow(each), each.summary]),
  ];
  const shown = wide ? rows : rows.map((row) => row.slice(0, HEAD.length));
  return `${plainTable(wide ? [...HEAD, 'WHAT'] : HEAD, shown)}\n`;
}

function rolloutRow(rollout: RolloutView, wallMs: number): readonly string[] {
  const { planId, action, state, steps, doneSteps, stage, waiting, leftMs } = rollout;
  const since = rollout.startedWallMs ?? rollout.plannedWallMs;
  return [
    planId,
    action,
    state,
    `${doneSteps}/${steps.length}`,
    stage,
    durationText(wallMs - since),
    leftMs === 0 ? '-' : durationText(leftMs),
    waiting === null ? '-' : waitText(waiting, wallMs),
  ];
}

function planRow({ planId, action, approved }: OpenPlan): readonly string[] {
  const waits = approved ? '-' : `civitas approve ${planId}`;
  return [planId, action, approved ? 'approved' : 'waiting', '-', '-', '-', '-', waits];
}
