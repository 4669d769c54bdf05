import { isDisruptive } from '../../state/order.ts';
import type { Progress, Rollout } from '../../state/rollout.ts';
import { isOrdered } from './is-ordered.ts';
import { type Outcome, outcomeOf } from './outcomes.ts';
import { failureText } from './step-news.ts';
import type { Try } from './step-states.ts';
import type { World } from './world.ts';

/** What has become of the steps of a rollout that were under way. */
export interface Concluded {
  readonly tries: readonly Try[];
  /** Of those that failed just now, a sentence each. */
  readonly failures: readonly string[];
  /** Of those that are under way still. */
  readonly underWay: readonly Extract<Outcome, { type: 'under-way' }>[];
}

export function conclude(
  { planId, steps }: Rollout,
  tries: Progress['steps'],
  world: World,
): Concluded {
  const judged = tries.map((last) => {
    const step = steps[last.index];
    if (!step || last.outcome !== null) return { last, step, outcome: undefined };
    const state = { index: last.index, step, last, state: 'under-way', wasBroken: false } as const;
    return { last, step, outcome: outcomeOf(state, planId, world) };
  });
  return {
    tries: judged.map(({ last, outcome }) => ended(last, outcome, world)),
    failures: judged.flatMap(({ step, outcome }) =>
      step && outcome?.type === 'failed' ? [failureText(step, outcome.why)] : [],
    ),
    underWay: judged.flatMap(({ outcome }) => (outcome?.type === 'under-way' ? [outcome] : [])),
  };
}

/** What touches no node, or was not even ordered, needs no safe point: it is not waited for any more. */
export function withoutHarmless(
  { steps }: Rollout,
  tries: readonly Try[],
  world: World,
): readonly Try[] {
  return tries.map((each) => {
    const step = steps[each.index];
    const isHarmless = step === undefined || !isDisruptive(step) || !isOrdered(each, world);
    return isHarmless && each.outcome === null ? ended(each, { type: 'dropped' }, world) : each;
  });
}

function ended(last: Try, outcome: Outcome | undefined, { observed }: World): Try {
  if (outcome === undefined || outcome.type === 'under-way') return last;
  const over = { ...last, outcome: outcome.type, endedWallMs: observed.wallMs };
  return outcome.type === 'failed' ? { ...over, why: outcome.why } : over;
}
