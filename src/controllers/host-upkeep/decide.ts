import type { Order } from '../../state/order.ts';
import { lookAgain, type Requeue } from '../../state/requeue.ts';
import type { Action } from './action.ts';
import { type Course, LATER_MS, SOON_MS } from './course.ts';
import { upgradeControlPlane } from './decide-control-plane.ts';
import { upgradeKubelet } from './decide-kubelet.ts';
import { prepare } from './decide-prepare.ts';
import { reconfigure } from './decide-reconfigure.ts';
import { report } from './decide-report.ts';
import { endWarming, keepWarm } from './decide-stand-by.ts';
import { isOf } from './job.ts';
import type { Observed } from './observed.ts';
import { workOf } from './work.ts';

type Step = Action | Requeue;

/** What brings this host nearer to its order; for one without, only that what it runs is told. */
export function decide(observed: Observed): readonly Step[] {
  const steps = follow(observed);
  const goesOn = observed.job && observed.order && isOf(observed.job, observed.order);
  if (!isOrphaned(observed) || (goesOn && steps.some(({ type }) => type !== 'requeue')))
    return steps;
  return [{ type: 'restart-kubelet' }, ...steps];
}

/** A kubelet that was stopped for an order that nobody goes on with must not stay so. */
function isOrphaned({ kubeletDown, job, servesBy }: Observed): boolean {
  return kubeletDown && job?.servesBy === servesBy;
}

function follow(observed: Observed): readonly Step[] {
  if (observed.servesBy === undefined) {
    if (observed.order !== undefined) return unserving();
    return observed.standBy ? keepWarm(observed, observed.standBy) : endWarming(observed);
  }
  if (!observed.synced) return observed.order === undefined ? [] : unheard();
  const { order, sight } = observed;
  if (!order || !sight) return report(observed, undefined);
  const refusal = refused(observed, order);
  if (refusal !== undefined) return [...report(observed, undefined), ...refusal];
  const course = pursue(observed, order);
  // A wait is told before it is waited, and what was begun is not held up by the log.
  const told = report(observed, course);
  const steps = course.waiting ? [...told, ...course.actions] : [...course.actions, ...told];
  return [...obey(observed, order), ...steps, ...lookAgain(course)];
}

function pursue(observed: Observed, order: Order): Course {
  const work = workOf(observed, order);
  switch (order.task) {
    case 'prepare':
      return prepare(work);
    case 'upgrade-control-plane':
      return upgradeControlPlane(work);
    case 'upgrade-kubelet':
      return upgradeKubelet(work);
    default:
      return reconfigure(work);
  }
}

/** Whatever the assignment asks comes first: a node that is to leave is not upgraded on its way. */
function unserving(): readonly Step[] {
  const message =
    'waiting until this node serves, by what its assignment asks: then it does what it was ordered';
  return [requeue({ reason: 'not-serving', message })];
}

/** Nothing is done to a host for what only its own copy of the log says: that may be of long ago (S17). */
function unheard(): readonly Step[] {
  const message = 'waiting for the log: what this host last heard of it may be old';
  return [requeue({ reason: 'log', message }, SOON_MS)];
}

function refused(
  { isLate, obeyedTerm, incarnation }: Observed,
  order: Order,
): readonly Step[] | undefined {
  const { term, incarnation: meant } = order;
  const why =
    (meant !== incarnation &&
      `is for incarnation ${meant} of this node, which is ${incarnation} now`) ||
    (term < obeyedTerm && `is of term ${term}, and this host has obeyed a later leader`) ||
    (isLate && `came into the log after the term of its leader, ${term}, had ended`);
  if (!why) return undefined;
  const message = `the order ${order.operationId} ${why}: waiting for the leader to order anew`;
  return [requeue({ reason: 'stale-order', message })];
}

/** Kept on disk before anything is done for it, so that no older leader is obeyed afterwards (S10). */
function obey({ obeyedTerm }: Observed, { term }: Order): readonly Action[] {
  return term === obeyedTerm ? [] : [{ type: 'obey', term }];
}

function requeue(waiting: NonNullable<Requeue['waiting']>, afterMs = LATER_MS): Requeue {
  return { type: 'requeue', afterMs, waiting };
}
