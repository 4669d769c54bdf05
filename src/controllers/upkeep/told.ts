import { datedWait } from '../../state/dated-wait.ts';
import type { Guard } from '../../state/decision-event.ts';
import type { Progress, Rollout } from '../../state/rollout.ts';
import type { WaitReason } from '../../state/status.ts';
import { isOnlyWatching } from './cluster-guards.ts';
import type { Concluded } from './conclude.ts';
import type { World } from './world.ts';

/** All that may keep a rollout from going on. */
export interface Waits extends Pick<Concluded, 'failures' | 'underWay'> {
  /** By what people said. */
  readonly closed: Guard | undefined;
  /** By what the cluster shows, while nothing is under way. */
  readonly guard: Guard | undefined;
}

interface Told extends Pick<Progress, 'state' | 'waiting'> {
  readonly wait: WaitReason | undefined;
}

/** How a rollout stands, and what it waits for; what is over in a moment is not written down. */
export function told(
  rollout: Rollout,
  present: Progress,
  waits: Waits,
  isBegun: boolean,
  world: World,
): Told {
  const { failures, closed, guard } = waits;
  const wait = waitOf(rollout, waits);
  const isMomentary = guard !== undefined && isOnlyWatching(guard);
  const lasts =
    wait && !isMomentary && (closed || guard || failures.length > 0 || isBlocked(waits));
  const { wallMs } = world.observed;
  const waiting = lasts ? datedWait(wait, present.waiting, wallMs) : null;
  return { state: stateOf(waits, isBegun), waiting, wait };
}

function stateOf({ failures, closed }: Waits, isBegun: boolean): Progress['state'] {
  const isPaused = closed?.name === 'failed-before' || closed?.name === 'paused';
  if (failures.length > 0 || isPaused) return 'paused';
  return closed || !isBegun ? 'waiting' : 'running';
}

function waitOf({ planId }: Rollout, waits: Waits): WaitReason | undefined {
  const { failures, closed, guard, underWay } = waits;
  if (failures.length > 0) {
    const cure = `put it right, then \`civitas resume ${planId}\` tries again, or \`civitas cancel ${planId}\` ends it`;
    return { reason: 'failed-before', message: `${failures.join('; ')}: ${cure}` };
  }
  const why = closed ?? guard;
  if (why) return { reason: why.name, message: why.message };
  const [first] = underWay;
  if (!first) return undefined;
  const { message } = first;
  return isBlocked(waits) ? { reason: 'survey-passed', message } : { reason: 'rollout', message };
}

function isBlocked({ underWay }: Pick<Waits, 'underWay'>): boolean {
  return underWay.some((each) => each.isBlocked);
}
