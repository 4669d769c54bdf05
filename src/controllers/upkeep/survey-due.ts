import { isDisruptive } from '../../state/order.ts';
import type { Progress, Rollout, RolloutStep } from '../../state/rollout.ts';
import { isOrdered } from './is-ordered.ts';
import { isSurveyGood } from './survey-age.ts';
import type { World } from './world.ts';

/** What of a step and its tries tells whether a survey has to come before it. */
interface Surveyed {
  readonly step: RolloutStep;
  readonly state: 'open' | 'under-way' | 'settled';
  readonly last: Progress['steps'][number] | undefined;
  readonly wasBroken: boolean;
}

/**
 * Whether a survey that passed is to be done again before the next node of its release is disturbed, as
 * that was too long ago. Not while one is, nor before one is whole that was left in the middle and is next:
 * each of these would be found as a trouble.
 */
export function isSurveyDue(
  { step, state, last }: Surveyed,
  rollout: Rollout,
  states: readonly Surveyed[],
  world: World,
): boolean {
  if (step.task !== 'survey' || state !== 'settled' || last?.outcome !== 'done') return false;
  if (isSurveyGood(rollout, last, world)) return false;
  const left = states.filter(
    (each) =>
      each.step.kubernetesVersion === step.kubernetesVersion &&
      each.state !== 'settled' &&
      isDisruptive(each.step),
  );
  const [next] = left;
  if (!next) return false;
  const isMended = (each: Surveyed) => each.wasBroken && each.step.stage === next.step.stage;
  return !left.some((each) => isMended(each) || isAsked(each, world));
}

/** One that was noted, and never ordered, waits for the survey as well. */
function isAsked({ state, last }: Surveyed, world: World): boolean {
  return state === 'under-way' && last !== undefined && isOrdered(last, world);
}
