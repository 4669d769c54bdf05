import type { Progress, Rollout } from '../../state/rollout.ts';
import { holdOf } from './people-guards.ts';
import type { World } from './world.ts';

/**
 * For how long what a survey found is gone by: several times what an upgrade of a few nodes takes (six
 * minutes, docs/figures.md), so that this one is surveyed once, and a fraction of the hours in which
 * clusters change.
 */
const GOOD_FOR_MS = 30 * 60_000;

/**
 * Whether what the survey of this try found is still so, as far as one may go by it: it is no older than
 * half an hour, and people did not say `resume` since. By the wall clock, as the leader may be another
 * one since: a clock that was set makes it look older, so that it is looked once more.
 */
export function isSurveyGood(
  rollout: Rollout,
  { outcome, operationId, endedWallMs }: Progress['steps'][number],
  world: World,
): boolean {
  const { surveys, wallMs } = world.observed;
  if (outcome !== 'done' || endedWallMs === null) return false;
  if (Math.abs(wallMs - endedWallMs) >= GOOD_FOR_MS) return false;
  const survey = surveys.find(({ key }) => key === rollout.planId);
  const hold = holdOf(rollout, world);
  if (survey?.value.operationId !== operationId || hold?.value.word !== 'resume') return true;
  return survey.revision > hold.revision;
}
