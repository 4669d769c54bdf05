import { lookAgain, type Requeue } from '../../state/requeue.ts';
import type { Action } from './action.ts';
import type { Course } from './course.ts';
import { lockedOutKubelet, settledKubelet } from './decide-kubelet.ts';
import { obeyOrder } from './decide-order.ts';
import { renewWhatIsOver } from './decide-over.ts';
import { continueRenewal } from './decide-renewal.ts';
import { report } from './decide-report.ts';
import type { Observed } from './observed.ts';

/** What makes a new certificate of the kubelet safe from a power cut. */
const SETTLING: readonly Action['type'][] = ['name-rotated', 'remove-bootstrap'];

/**
 * What brings the leaves of this host to where they should be. A renewal that has begun is ended first;
 * then comes what is over already, by which nothing works any more; then what the leader asked for.
 */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const course = chart(observed);
  const told = report(observed, course);
  // Whoever tells of a new one loses the token by which it could get another.
  const settles = course.actions.every(({ type }) => SETTLING.includes(type));
  const steps = settles ? [...course.actions, ...told] : [...told, ...course.actions];
  return [...steps, ...lookAgain(course)];
}

function chart(observed: Observed): Course {
  const { underway } = observed;
  if (underway) return continueRenewal(observed, underway);
  return (
    renewWhatIsOver(observed) ??
    lockedOutKubelet(observed) ??
    obeyOrder(observed) ??
    settledKubelet(observed) ?? { actions: [] }
  );
}
