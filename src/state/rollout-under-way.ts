import type { Entry } from './kinds.ts';
import type { Progress, Rollout } from './rollout.ts';

/** What of the log tells how rollouts are. */
export interface RolloutEntries {
  readonly rollouts: readonly Entry<'rollout'>[];
  readonly progresses: readonly Entry<'progress'>[];
}

const ENDS: readonly Progress['state'][] = ['cancelled', 'done'];

/** How far the leader is with a rollout; undefined before it looked at it. */
export function progressOf(
  planId: string,
  { progresses }: Pick<RolloutEntries, 'progresses'>,
): Progress | undefined {
  return progresses.find(({ key }) => key === planId)?.value;
}

/** Whether nothing will come of it any more. */
export function isOver(planId: string, entries: Pick<RolloutEntries, 'progresses'>): boolean {
  const progress = progressOf(planId, entries);
  return progress !== undefined && ENDS.includes(progress.state);
}

/** The newest rollout that has not ended; undefined when there is none. */
export function rolloutUnderWay(entries: RolloutEntries): Entry<'rollout'> | undefined {
  return entries.rollouts
    .filter(({ key }) => !isOver(key, entries))
    .toSorted((left, right) => left.revision - right.revision)
    .at(-1);
}

/** The same among those of one kind: certificates may wait for people beside an upgrade, and neither ends the other. */
export function rolloutOfKind(
  action: Rollout['action'],
  entries: RolloutEntries,
): Entry<'rollout'> | undefined {
  const rollouts = entries.rollouts.filter(({ value }) => value.action === action);
  return rolloutUnderWay({ ...entries, rollouts });
}
