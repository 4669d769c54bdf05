import type { WaitReason } from '../../state/status.ts';
import type { Action } from './action.ts';

/** What a pass makes of an order. */
export interface Course<A = Action> {
  /** What is done right now, for people. */
  readonly step: string;
  readonly waiting?: WaitReason;
  readonly actions: readonly A[];
  /** Absent: the runtime's own interval will do. */
  readonly lookAgainMs?: number;
}

/** A command runs, or parts start: worth a look each second. */
export const SOON_MS = 1_000;
/** Steps that most often take less than a second follow each other. */
export const OFTEN_MS = 500;
export const LATER_MS = 5_000;
/** Of each step that waits for nothing but this host. */
export const STEP_MS = 300_000;

/** Nothing is done until somebody or something else moved. */
export function wait(step: string, waiting: WaitReason, lookAgainMs = LATER_MS): Course<never> {
  return { step, waiting, actions: [], lookAgainMs };
}

/** Nothing is done until the command or the parts got on. */
export function watch(step: string): Course<never> {
  return { step, actions: [], lookAgainMs: SOON_MS };
}
