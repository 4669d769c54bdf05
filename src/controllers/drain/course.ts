import type { DrainState } from '../../state/drain-state.ts';
import type { WaitReason } from '../../state/status.ts';
import type { Action } from './action.ts';

/** What is to be done now for one node, and what is told of it. */
export interface Course {
  readonly actions: readonly Action[];
  readonly state: DrainState['state'];
  readonly podsLeft: number;
  readonly waiting: WaitReason | undefined;
}

export function waitIn(
  before: Pick<DrainState, 'state' | 'podsLeft'> | undefined,
  waiting: WaitReason,
): Course {
  const { state = 'draining', podsLeft = 0 } = before ?? {};
  return { actions: [], state, podsLeft, waiting };
}
