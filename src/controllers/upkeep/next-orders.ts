import type { Guard } from '../../state/decision-event.ts';
import type { NodeId } from '../../state/node-id.ts';
import { isDisruptive } from '../../state/order.ts';
import type { Rollout } from '../../state/rollout.ts';
import { closedBy, clusterGuards } from './cluster-guards.ts';
import { stepGuards } from './step-guards.ts';
import type { StageState, StepState } from './step-states.ts';
import type { World } from './world.ts';

/** What may begin now, and what keeps the rest of its stage from it. */
export interface NextOrders {
  readonly steps: readonly StepState[];
  /** Of the first step that may not begin. */
  readonly closed: Guard | undefined;
}

/** Who is out of service, and what comes first. */
export interface Room {
  readonly busy: ReadonlySet<NodeId>;
  /** Something more urgent waits to disturb a node: nothing else does. */
  readonly isKept: boolean;
}

const PREPARED_AT_ONCE = 64;

/** The steps of a rollout's first open stage that may begin now. */
export function nextOrders(
  rollout: Rollout,
  { steps }: StageState,
  all: readonly StepState[],
  { busy, isKept }: Room,
  world: World,
): NextOrders {
  const underWay = steps.filter(({ state }) => state === 'under-way').length;
  const room = widthOf(rollout, steps) - underWay;
  const begun: StepState[] = [];
  let closed: Guard | undefined;
  let taken = busy;
  for (const each of steps.filter(({ state }) => state === 'open')) {
    if (begun.length >= room) break;
    const guards = guardsOf(each, rollout, all, taken, world);
    const why = closedBy(guards);
    closed ??= why;
    if (why || (isKept && isDisruptive(each.step))) continue;
    begun.push(each);
    taken = new Set([...taken, each.step.nodeId]);
  }
  return { steps: begun, closed };
}

/** All that was asked before a step begins, for those who want to know why. */
export function guardsOf(
  each: StepState,
  rollout: Rollout,
  all: readonly StepState[],
  busy: ReadonlySet<NodeId>,
  world: World,
): readonly Guard[] {
  const own = stepGuards(each, rollout, all, busy, world);
  const mended = each.wasBroken ? each.step.nodeId : undefined;
  return isDisruptive(each.step) ? [...clusterGuards(world, mended), ...own] : own;
}

function widthOf({ action }: Rollout, [first]: readonly StepState[]): number {
  if (action === 'renew-certificates') return 1;
  switch (first?.step.stage) {
    case 'prepare':
      return PREPARED_AT_ONCE;
    case 'workers':
      return Number.POSITIVE_INFINITY;
    default:
      return 1;
  }
}
