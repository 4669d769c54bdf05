import { isWithinWindow } from '../../state/change-window.ts';
import type { Guard } from '../../state/decision-event.ts';
import type { Entry } from '../../state/kinds.ts';
import type { Progress, Rollout } from '../../state/rollout.ts';
import type { World } from './world.ts';

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
    ...(isRenewal ? [] : [approval(rollout, world), windowOpen(world)]),
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
  const message = passed
    ? 'nothing failed, or people said to go on since'
    : (waiting?.message ?? `a step of ${planId} failed`);
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

function approval({ planId }: Rollout, { spec, observed }: World): Guard {
  const isApproved = observed.approvals.some(({ key }) => key === planId);
  const passed = spec.upgrade.policy !== 'approve' || isApproved;
  const message = passed
    ? 'the policy, or somebody, allows it'
    : `it waits for \`civitas approve ${planId}\``;
  return { name: 'approval', passed, message };
}

function windowOpen({ spec, observed }: World): Guard {
  const { policy, window } = spec.upgrade;
  const passed =
    policy !== 'window' || (window !== undefined && isWithinWindow(window, observed.wallMs));
  const message = passed
    ? 'changes may begin at any time, or now'
    : `changes begin at ${window?.start ?? 'no time'} UTC and for ${window?.lengthMinutes ?? 0} min (upgrade.window)`;
  return { name: 'window', passed, message };
}
