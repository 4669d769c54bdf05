import type { OrderReport } from '../../state/order-report.ts';
import type { WaitReason } from '../../state/status.ts';
import type { Action } from './action.ts';

/** What a pass makes of what it saw. */
export interface Course {
  readonly actions: readonly Action[];
  /** What becomes of the order; absent: nothing new. */
  readonly work?: Work;
  readonly waiting?: WaitReason;
  /** Absent: the runtime's own interval will do. */
  readonly lookAgainMs?: number;
}

/** An order's report before it is dated. */
export type Work = Pick<OrderReport, 'operationId' | 'step' | 'state' | 'reason'> & {
  readonly startedWallMs: number;
};

/** A command runs, or a server starts. */
export const SOON_MS = 1_000;
const LOOK_AGAIN_MS = 5_000;

export function act(...actions: readonly Action[]): Course {
  return { actions };
}

/** Nothing is done until somebody or something else moved. */
export function wait(waiting: WaitReason): Course {
  return { actions: [], waiting, lookAgainMs: LOOK_AGAIN_MS };
}

export function watch(): Course {
  return { actions: [], lookAgainMs: SOON_MS };
}
