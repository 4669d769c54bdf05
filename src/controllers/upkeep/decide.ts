import type { Entry } from '../../state/kinds.ts';
import type { Requeue } from '../../state/requeue.ts';
import type { Rollout } from '../../state/rollout.ts';
import type { WaitReason } from '../../state/status.ts';
import type { Action } from './action.ts';
import { advance, type Turn } from './advance.ts';
import { type Advance, isEnded } from './advanced.ts';
import { type PeoplesDrains, peoplesDrains } from './drain-orders.ts';
import { forgetActions } from './forget.ts';
import { LOOK_EVERY_MS } from './looks.ts';
import { noteAction } from './note.ts';
import type { Observed } from './observed.ts';
import { orderActions } from './order-actions.ts';
import { planNext } from './plan-next.ts';
import { BY_URGENCY } from './plan-rollout.ts';
import { releaseAction } from './release.ts';
import { unavailableNodes } from './unavailable.ts';
import { type World, worldOf } from './world.ts';

/** How soon to look again at what only people, or another machine, can cure. */
const LOOK_AGAIN_MS = 5_000;
/** What a condition may hold. */
const MOST_LETTERS = 1_000;

/**
 * One change at a time: what people want drained, then an upgrade, a new configuration, certificates.
 * A cluster that is as its spec says gets nothing.
 */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { term, spec } = observed;
  if (term === undefined || spec === undefined || !isUpToDate(term, observed)) return [];
  const world = worldOf(term, spec, observed);
  const known = operationIds(world);
  const busy = unavailableNodes(world);
  const drains = peoplesDrains(known, { busy }, world);
  const advances = advanceAll({ known, busy, isKept: isUrgent(drains) }, world);
  const planned = planNext(advances, world);
  const actions = [
    ...releaseAction(advances, world),
    ...advances.flatMap((each) => noteAction(each, world)),
    ...orderActions(advances, world),
    ...drains.actions,
    ...planned.actions,
    ...forgetActions(world),
  ];
  const waits = [drains.wait, ...advances.map(({ wait }) => wait), planned.wait];
  const isRunning = advances.some(({ next }) => next.state !== 'paused');
  return [
    ...actions,
    ...requeue(
      waits.flatMap((each) => each ?? []),
      isRunning,
    ),
  ];
}

/** A leader's own entry is younger than all that earlier ones wrote while they led. */
function isUpToDate(term: number, observed: Observed): boolean {
  const { leadership, assignments, orders, rollouts, progresses } = observed;
  const written = [...assignments, ...orders, ...rollouts, ...progresses];
  return leadership?.revision === term && written.every(({ value }) => value.term <= term);
}

/** Of every order that anybody remembers. */
function operationIds({ observed }: World): readonly string[] {
  const { orders, progresses, upkeeps, certificates, drains } = observed;
  const works = [...upkeeps, ...certificates].flatMap(({ value }) => value.work ?? []);
  const tries = progresses.flatMap(({ value }) => value.steps);
  const values = [...orders, ...drains].map(({ value }) => value);
  return [...values, ...works, ...tries].map(({ operationId }) => operationId);
}

function isUrgent({ actions, wait }: PeoplesDrains): boolean {
  return wait !== undefined || actions.some(({ type }) => type === 'order');
}

/** Only the most urgent one that people let go on begins anything, once no other is in the middle. */
function advanceAll(turn: Omit<Turn, 'mayBegin'>, world: World): readonly Advance[] {
  const active = activeRollouts(world);
  const advances: Advance[] = [];
  for (const { rollout, progress } of active) {
    const others = active.filter((each) => each.rollout !== rollout);
    const isFree = others.every((each) => !isUnderWay(each.progress));
    const isFirst = advances.every(({ next }) => next.state !== 'running');
    const mayBegin = isFree && isFirst;
    advances.push(advance(rollout, progress, { ...turn, mayBegin }, world));
  }
  return advances;
}

interface Active {
  readonly rollout: Rollout;
  readonly progress: Entry<'progress'> | undefined;
}

/** Those that have not ended, most urgent first. */
function activeRollouts({ observed: { rollouts, progresses } }: World): readonly Active[] {
  const active = rollouts.map(({ key, value: rollout }) => {
    return { rollout, progress: progresses.find((each) => each.key === key) };
  });
  const urgency = ({ rollout }: Active) => BY_URGENCY.indexOf(rollout.action);
  return active
    .filter(({ progress }) => !progress || !isEnded(progress.value))
    .toSorted((a, b) => urgency(a) - urgency(b) || (a.rollout.planId < b.rollout.planId ? -1 : 1));
}

function isUnderWay(progress: Entry<'progress'> | undefined): boolean {
  return progress?.value.steps.some(({ outcome }) => outcome === null) ?? false;
}

/** One condition of all that is waited for; none when nothing is. */
function requeue(waits: readonly WaitReason[], isRunning: boolean): readonly Requeue[] {
  const [first] = waits;
  if (first === undefined) return [];
  const message = waits
    .map((each) => each.message)
    .join('; ')
    .slice(0, MOST_LETTERS);
  const afterMs = isRunning ? LOOK_EVERY_MS : LOOK_AGAIN_MS;
  return [{ type: 'requeue', afterMs, waiting: { reason: first.reason, message } }];
}
