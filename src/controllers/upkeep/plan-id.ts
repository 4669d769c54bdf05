import type { Entry } from '../../state/kinds.ts';
import type { Rollout } from '../../state/rollout.ts';

/** Where names of plans stand, also those that only people said something of. */
export interface PlanIdEntries {
  readonly rollouts: readonly Entry<'rollout'>[];
  readonly progresses: readonly Entry<'progress'>[];
  readonly holds: readonly Entry<'hold'>[];
  readonly approvals: readonly Entry<'approval'>[];
}

/** A name that no plan had: what it is about, and the revision of the spec. */
export function planIdOf(
  action: Rollout['action'],
  target: string,
  specRevision: number,
  entries: PlanIdEntries,
): string {
  const lists = [entries.rollouts, entries.progresses, entries.holds, entries.approvals];
  const taken = lists.flatMap((list) => list.map(({ key }) => key));
  if (action === 'renew-certificates') return `renew-${1 + highest('renew-', taken)}`;
  const base =
    action === 'upgrade'
      ? `upgrade-${target.replaceAll('.', '-')}-${specRevision}`
      : `reconfigure-${specRevision}`;
  return taken.includes(base) ? `${base}-${1 + Math.max(1, highest(`${base}-`, taken))}` : base;
}

/** Of the numbers that follow the prefix; 0 when there is none. */
function highest(prefix: string, taken: readonly string[]): number {
  const numbers = taken
    .filter((each) => each.startsWith(prefix))
    .map((each) => Number(each.slice(prefix.length)));
  return Math.max(0, ...numbers.filter(Number.isInteger));
}
