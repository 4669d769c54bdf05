import type { Guard } from '../../state/decision-event.ts';
import type { Entry } from '../../state/kinds.ts';
import { nextOrderId } from '../../state/order-id.ts';
import type { Progress, Rollout } from '../../state/rollout.ts';
import { type Advance, type Standing, standingOf } from './advanced.ts';
import { endingSoon, over } from './close.ts';
import { closedBy } from './cluster-guards.ts';
import { type Concluded, conclude, withoutHarmless } from './conclude.ts';
import { whyEnding } from './ending.ts';
import { type NextOrders, nextOrders, type Room } from './next-orders.ts';
import { peopleGuards } from './people-guards.ts';
import {
  openStages,
  type StageState,
  type StepState,
  stepStates,
  type Try,
} from './step-states.ts';
import { told, type Waits } from './told.ts';
import type { World } from './world.ts';

/** What a rollout may do in this pass. */
export interface Turn extends Room {
  /** No other rollout has anything under way. */
  readonly mayBegin: boolean;
  /** Every operation there was. */
  readonly known: readonly string[];
}

/** Notes what became of steps, and begins those that may. */
export function advance(
  rollout: Rollout,
  before: Entry<'progress'> | undefined,
  turn: Turn,
  world: World,
): Advance {
  const of = standingOf(rollout, before, world);
  const concluded = conclude(rollout, of.present.steps, world);
  const { tries } = concluded;
  const states = stepStates(rollout, tries, world);
  const why = whyEnding(rollout, states, world);
  if (why !== undefined) return endingSoon(of, withoutHarmless(rollout, tries, world), why, world);
  const [stage] = openStages(states, rollout);
  if (!stage) return over(of, tries, 'done', null, world);
  return goOn(of, concluded, { stage, states }, turn, world);
}

interface Steps {
  readonly stage: StageState;
  readonly states: readonly StepState[];
}

const NOTHING: NextOrders = { steps: [], closed: undefined };

function goOn(
  { rollout, before, present }: Standing,
  { tries, failures, underWay }: Concluded,
  { stage, states }: Steps,
  turn: Turn,
  world: World,
): Advance {
  const closed = closedBy(peopleGuards(rollout, present, world));
  const mayBegin = turn.mayBegin && !closed && failures.length === 0;
  const orders = mayBegin ? nextOrders(rollout, stage, states, turn, world) : NOTHING;
  const steps = [...tries, ...begun(orders.steps, turn.known, world)];
  const isBegun = steps.length > 0;
  const isBusy = steps.some(({ outcome }) => outcome === null);
  const waits: Waits = { failures, closed, underWay, guard: isBusy ? undefined : orders.closed };
  const { state, waiting, wait } = told(rollout, present, waits, isBegun, world);
  const next: Progress = {
    ...present,
    state,
    stage: stage.name,
    waiting,
    pausedRevision: pausedRevision(present, failures, closed, world),
    startedWallMs: present.startedWallMs ?? (isBegun ? world.observed.wallMs : null),
    steps,
  };
  const isHeld = closed !== undefined || failures.length > 0;
  return { rollout, before, next, wait, isHeld };
}

function begun(
  steps: readonly StepState[],
  known: readonly string[],
  { observed }: World,
): readonly Try[] {
  return steps.map(({ index, step }) => ({
    index,
    operationId: nextOrderId(step.task, step.nodeId, known),
    startedWallMs: observed.wallMs,
    endedWallMs: null,
    outcome: null,
  }));
}

/** Only a word of people that is younger lets it go on. */
function pausedRevision(
  present: Progress,
  failures: readonly string[],
  closed: Guard | undefined,
  { observed }: World,
): number | null {
  if (failures.length > 0) return observed.revision;
  return closed?.name === 'failed-before' ? present.pausedRevision : null;
}
