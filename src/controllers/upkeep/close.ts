import { datedWait } from '../../state/dated-wait.ts';
import type { Progress } from '../../state/rollout.ts';
import type { Advance, Standing } from './advanced.ts';
import type { Try } from './step-states.ts';
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
  const waiting = datedWait(wait, present.waiting, world.observed.wallMs);
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
  const { wallMs } = world.observed;
  const wait = why === null ? undefined : { reason: 'cancelled', message: why };
  const next: Progress = {
    ...present,
    state,
    stage: '',
    waiting: datedWait(wait, present.waiting, wallMs),
    pausedRevision: null,
    endedWallMs: wallMs,
    steps: [...tries],
  };
  return { rollout, before, next, wait: undefined };
}
