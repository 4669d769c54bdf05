import { shortWait } from './dated-wait.ts';
import type { WaitReason } from './status.ts';

/** The decision to wait: the runtime looks again after a while, and tells people why. */
export interface Requeue {
  readonly type: 'requeue';
  readonly afterMs: number;
  /** Present when something is missing; a plain later look has none. */
  readonly waiting?: WaitReason;
}

interface Later {
  /** Absent: the runtime's own interval will do. */
  readonly lookAgainMs?: number | undefined;
  readonly waiting?: WaitReason | undefined;
}

/** The look that a decision asks for, with what it waits for as people are told it; none where it asks for none. */
export function lookAgain({ lookAgainMs, waiting }: Later): readonly Requeue[] {
  if (lookAgainMs === undefined) return [];
  return [
    { type: 'requeue', afterMs: lookAgainMs, ...(waiting && { waiting: shortWait(waiting) }) },
  ];
}
