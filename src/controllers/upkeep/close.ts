import type { Progress } from '../../state/rollout.ts';
import type { Advance, Standing } from './advanced.ts';
import type { Try } from './step-states.ts';
import { dated } from './told.ts';
import type { World } from './world.ts';

/** Nothing new begins, and what a node is in the middle of is ended first. */
export function endingSoon(
  of: Standing,
  tries: readonly Try[],
  why: string,
  world: World,
): Advance {
  const isBusy = tries.some(({ outcome }) => outcome === null);
  if (!isBusy) return over(of, tries, 'cancelled', why, world);
  const { rollout, before, present } = of;
  const wait = { reason: 'cancelled', message: `${why}: it ends once what was begun is done` };
  const waiting = dated(wait, present, world);
  return {
    rollout,
    before,
    next: { ...present, state: 'running', steps: [...tries], waiting },
    wait,
  };
}

/** Nothing more comes of it; `why` where it did not come to its end. */
export function over(
  { rollout, before, present }: Standing,
  tries: readonly Try[],
  state: 'cancelled' | 'done',
  why: string | null,
  world: World,
): Advance {
  const next: Progress = {
    ...present,
    state,
    stage: '',
    waiting: why === null ? null : dated({ reason: 'cancelled', message: why }, present, world),
    pausedRevision: null,
    endedWallMs: world.observed.wallMs,
    steps: [...tries],
  };
  return { rollout, before, next, wait: undefined };
}
