import type { Entry } from '../../state/kinds.ts';
import type { Action } from './action.ts';
import type { World } from './world.ts';

/** So many rollouts that ended are kept for people. */
const MOST_ENDED = 10;

type Forget = Extract<Action, { type: 'forget' }>;

/** The plan first: a plan without a progress would be one that is to begin. */
export function forgetActions({ term, observed }: World): readonly Forget[] {
  const { rollouts, progresses } = observed;
  const hasEnded = new Map(progresses.map(({ key, value }) => [key, value.endedWallMs !== null]));
  const ended = rollouts
    .filter(({ key }) => hasEnded.get(key))
    .toSorted((a, b) => b.revision - a.revision);
  const orphans = progresses.filter(({ key }) => !rollouts.some((each) => each.key === key));
  return [...ended.slice(MOST_ENDED), ...orphans].map((entry) => forget(entry, term));
}

function forget(
  { kind, key, revision }: Entry<'rollout'> | Entry<'progress'>,
  term: number,
): Forget {
  return { type: 'forget', term, kind, planId: key, ifRevision: revision };
}
