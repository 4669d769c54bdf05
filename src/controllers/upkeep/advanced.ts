import type { Entry } from '../../state/kinds.ts';
import type { Progress, Rollout } from '../../state/rollout.ts';
import type { WaitReason } from '../../state/status.ts';
import type { World } from './world.ts';

/** A rollout, and how far it is after this decision. */
export interface Advance {
  readonly rollout: Rollout;
  /** Undefined before the first word on it. */
  readonly before: Entry<'progress'> | undefined;
  readonly next: Progress;
  /** What it waits for, be it for a moment only. */
  readonly wait: WaitReason | undefined;
  /** It goes no further for now: nodes that were not touched yet are let off. */
  readonly isHeld: boolean;
}

/** A rollout as it stands before a decision. */
export interface Standing {
  readonly rollout: Rollout;
  readonly before: Entry<'progress'> | undefined;
  readonly present: Progress;
}

export function isEnded({ endedWallMs }: Progress): boolean {
  return endedWallMs !== null;
}

export function standingOf(
  rollout: Rollout,
  before: Entry<'progress'> | undefined,
  world: World,
): Standing {
  return { rollout, before, present: before?.value ?? freshProgress(rollout, world) };
}

/** Before anything was written of it. */
function freshProgress({ planId }: Rollout, { term }: World): Progress {
  return {
    planId,
    term,
    state: 'waiting',
    stage: '',
    waiting: null,
    pausedRevision: null,
    startedWallMs: null,
    endedWallMs: null,
    steps: [],
  };
}
