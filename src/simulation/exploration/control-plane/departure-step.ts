import type { Action } from '../../../controllers/departure/action.ts';
import { ETCD_NOT_HEALTHY } from '../../../state/departure.ts';
import type { Decisions } from './decisions.ts';
import { type DepartureQuestion, departureView, healthOf, memberId } from './departure-view.ts';

/** One effect of the sponsor on the place that leaves. */
export type DepartureStep =
  | { readonly type: 'report'; readonly state: 'under-way' | 'stalled' | 'done' }
  | { readonly type: 'remove-member' }
  | { readonly type: 'delete-node' }
  | { readonly type: 'unmark' };

/**
 * The first thing that the sponsor does now and that changes anything: a pass that does several is as
 * good as several passes, as each of them may be the last. Undefined while it waits.
 */
export function departureStep(
  { departure: decide, removalTrouble }: Pick<Decisions, 'departure' | 'removalTrouble'>,
  question: DepartureQuestion,
): DepartureStep | undefined {
  const observed = departureView(question);
  if (!observed) return undefined;
  const steps = decide(observed).flatMap((action) =>
    action.type === 'requeue' ? [] : stepOf(action, question),
  );
  return steps.find(({ type }) => {
    if (type !== 'remove-member') return true;
    return removalTrouble(healthOf(question), memberId(question.index)) === undefined;
  });
}

function stepOf(action: Action, { all, index }: DepartureQuestion): readonly DepartureStep[] {
  switch (action.type) {
    case 'report': {
      const { state: told, waiting } = action.departure;
      // Nobody takes a departure back here, so that there is no way back is nobody's news.
      const course = told === 'done' ? 'done' : 'under-way';
      const state = waiting?.reason === ETCD_NOT_HEALTHY ? 'stalled' : course;
      return all[index]?.departure === state ? [] : [{ type: 'report', state }];
    }
    case 'remove-member':
    case 'delete-node':
      return [{ type: action.type }];
    case 'unmark-control-plane':
      return [{ type: 'unmark' }];
    default:
      // Pods, volumes, snapshots and the leader of etcd are never in the way here.
      return [];
  }
}
