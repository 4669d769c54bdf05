import { datedWait } from '../../state/dated-wait.ts';
import type { Progress } from '../../state/rollout.ts';
import type { Advance, Standing } from './advanced.ts';
import { isRecallable } from './recall.ts';
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
  const wait = {
    reason: 'cancelled',
    message: `${why}: it ends once ${whatEnds(of, tries, world)}`,
  };
  const waiting = datedWait(wait, present.waiting, world.observed.wallMs);
  return {
    rollout,
    before,
    next: { ...present, state: 'running', steps: [...tries], waiting },
    wait,
    isHeld: true,
  };
}

/** What it still waits for: nodes that were begun, or else those that are let off untouched. */
function whatEnds({ rollout }: Standing, tries: readonly Try[], world: World): string {
  const open = tries.filter(({ outcome }) => outcome === null);
  const untouched = open.filter(({ operationId }) =>
    world.observed.orders.some(
      ({ value }) => value.operationId === operationId && isRecallable(value, world),
    ),
  );
  if (untouched.length < open.length) return 'what was begun is done';
  const names = untouched.map(({ index }) => rollout.steps[index]?.hostname);
  return `${names.join(', ')}, which was not touched yet, takes pods again`;
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
  return { rollout, before, next, wait: undefined, isHeld: true };
}
