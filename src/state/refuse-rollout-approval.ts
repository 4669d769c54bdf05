import { TerminalError } from '../errors.ts';
import type { Entry } from './kinds.ts';
import { isOver, progressOf, type RolloutEntries, rolloutOfKind } from './rollout-under-way.ts';

/**
 * Throws TerminalError `plan.over` for a rollout that has ended, and `plan.outdated` for one that
 * another of its kind took the place of. `revision`: of the newest entry of the log among all this.
 */
export function refuseRolloutApproval(
  { key, value: { action } }: Entry<'rollout'>,
  { revision, ...entries }: RolloutEntries & { readonly revision: number },
): void {
  if (isOver(key, entries)) {
    const state = progressOf(key, entries)?.state;
    throw new TerminalError(
      'plan.over',
      `The rollout ${key} is ${state} at revision ${revision}: see \`civitas plan\`.`,
    );
  }
  const newest = rolloutOfKind(action, entries);
  if (newest === undefined || newest.key === key) return;
  throw new TerminalError(
    'plan.outdated',
    `The rollout ${key} is no longer what is wanted at revision ${revision}: ${newest.key} has taken its place.`,
  );
}
