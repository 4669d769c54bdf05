import { isWithinWindow } from '../../state/change-window.ts';
import type { Guard } from '../../state/decision-event.ts';
import type { Entry } from '../../state/kinds.ts';
import { awaitsApproval } from '../../state/open-plans.ts';
import type { Progress, Rollout } from '../../state/rollout.ts';
import { consentFor } from '../../state/rollout-consent.ts';
import { cannotWait } from './pressing.ts';
import type { World } from './world.ts';

const CAN_NOT_WAIT = 'what it renews ends too soon to wait for that';

/** What people said that a rollout goes on by. */
export function peopleGuards(
  rollout: Rollout,
  progress: Pick<Progress, 'pausedRevision' | 'waiting'>,
  world: World,
): readonly Guard[] {
  const hold = holdOf(rollout, world);
  const isRenewal = rollout.action === 'renew-certificates';
  return [
    failedBefore(rollout, progress, hold),
    paused(rollout, hold, world, isRenewal),
    approval(rollout, world),
    windowOpen(rollout, world),
  ];
}

export function holdOf(
  { planId }: Pick<Rollout, 'planId'>,
  { observed }: World,
): Entry<'hold'> | undefined {
  return observed.holds.find(({ key }) => key === planId);
}

/** What failed is tried again only after a word of people that is younger than the failure. */
function failedBefore(
  { planId }: Rollout,
  { pausedRevision, waiting }: Pick<Progress, 'pausedRevision' | 'waiting'>,
  hold: Entry<'hold'> | undefined,
): Guard {
  const isResumed = hold?.value.word === 'resume' && hold.revision > (pausedRevision ?? 0);
  const passed = pausedRevision === null || isResumed;
  const allowed = isResumed ? 'people said to go on since it failed' : 'nothing failed';
  const message = passed ? allowed : (waiting?.message ?? `a step of ${planId} failed`);
  return { name: 'failed-before', passed, message };
}

function paused(
  { planId }: Rollout,
  hold: Entry<'hold'> | undefined,
  { spec }: World,
  isRenewal: boolean,
): Guard {
  const isHeld = hold?.value.word === 'pause';
  const passed = !isHeld && (isRenewal || !spec.upgrade.paused);
  const bySpec = passed ? 'nobody paused it' : 'upgrade.paused is true: set it to false to go on';
  const message = isHeld ? `people paused it: \`civitas resume ${planId}\` goes on` : bySpec;
  return { name: 'paused', passed, message };
}

function approval(rollout: Rollout, world: World): Guard {
  const { spec, observed } = world;
  const { policy, field } = consentFor(rollout.action, spec);
  if (!awaitsApproval(rollout, spec, observed)) {
    const message = policy === 'approve' ? 'people approved it' : `${field}.policy is ${policy}`;
    return { name: 'approval', passed: true, message };
  }
  const passed = cannotWait(rollout, world);
  const message = passed ? CAN_NOT_WAIT : `\`civitas approve ${rollout.planId}\``;
  return { name: 'approval', passed, message };
}

/** Whether now is a time at which people want it to begin and to go on. */
export function windowOpen(rollout: Rollout, world: World): Guard {
  const { policy, window, field } = consentFor(rollout.action, world.spec);
  const isNow = window !== undefined && isWithinWindow(window, world.observed.wallMs);
  const allowed =
    policy === 'window' ? `now is within ${field}.window` : `${field}.policy is ${policy}`;
  if (policy !== 'window' || isNow) return { name: 'window', passed: true, message: allowed };
  const passed = cannotWait(rollout, world);
  const message = passed
    ? CAN_NOT_WAIT
    : `changes begin at ${window?.start ?? 'no time'} UTC and for ${window?.lengthMinutes ?? 0} min (${field}.window)`;
  return { name: 'window', passed, message };
}
