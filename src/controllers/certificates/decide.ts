import { lookAgain, type Requeue } from '../../state/requeue.ts';
import type { Action } from './action.ts';
import type { Course } from './course.ts';
import { lockedOutKubelet, settledKubelet } from './decide-kubelet.ts';
import { obeyOrder } from './decide-order.ts';
import { renewWhatIsOver } from './decide-over.ts';
import { continueRenewal } from './decide-renewal.ts';
import { report } from './decide-report.ts';
import type { Observed } from './observed.ts';

/**
 * What brings the leaves of this host to where they should be. A renewal that has begun is ended first;
 * then comes what is over already, by which nothing works any more; then what the leader asked for.
 */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const course = chart(observed);
  return [...report(observed, course), ...course.actions, ...lookAgain(course)];
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
