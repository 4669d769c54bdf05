import type { Status, Wait } from '../../state/status.ts';
import type { Action } from './action.ts';

export type Waiting = Pick<Wait, 'reason' | 'message'>;

/** What a pass makes of what it saw. */
export interface Course {
  readonly phase: Status['phase'];
  readonly waiting?: Waiting;
  readonly actions: readonly Action[];
  /** Absent: the runtime's own interval will do. */
  readonly lookAgainMs?: number;
}

/** A command runs or ended, or a server starts: worth a look each second. */
export const SOON_MS = 1_000;

/** Nothing is done until somebody or something else moved. */
export function wait(phase: Status['phase'], waiting: Waiting, lookAgainMs: number): Course {
  return { phase, waiting, actions: [], lookAgainMs };
}

/** Nothing is done until the command or the servers got on. */
export function watch(): Course {
  return { phase: 'installing', actions: [], lookAgainMs: SOON_MS };
}
