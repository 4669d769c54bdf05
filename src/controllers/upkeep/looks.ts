import { isDisruptive, type Order } from '../../state/order.ts';
import type { Roster } from '../../state/roster.ts';

/** So many looks in a row show that a control plane is there to stay. */
export const ENOUGH_LOOKS = 10;
/** Ten of them take as long as a node that looks at itself without a hint. */
export const LOOK_EVERY_MS = 1_000;

/** Looks in a row at which all control planes were whole, by the monotonic clock of one leader. */
export interface Looks {
  readonly count: number;
  readonly lastMs: number;
  /** What was being done to control planes meanwhile; something else begins a new row. */
  readonly during: string;
}

export const NO_LOOKS: Looks = { count: 0, lastMs: Number.NEGATIVE_INFINITY, during: '' };

/** Counts this look, unless the one before was less than a second ago. */
export function withLook(
  before: Looks,
  roster: Pick<Roster, 'controlPlanes' | 'troubles'>,
  during: string,
  nowMs: number,
): Looks {
  const isWhole = roster.controlPlanes.length > 0 && roster.troubles.length === 0;
  if (!isWhole) return { count: 0, lastMs: nowMs, during };
  if (before.during !== during) return { count: 1, lastMs: nowMs, during };
  if (nowMs - before.lastMs < LOOK_EVERY_MS) return before;
  return { count: before.count + 1, lastMs: nowMs, during };
}

/** Names what a leader has control planes do, and what none of them said to disturb nothing any more. */
export function doneToControlPlanes(
  term: number | undefined,
  orders: readonly Order[],
  { controlPlanes }: Pick<Roster, 'controlPlanes'>,
  isQuiet: (order: Order) => boolean,
): string {
  const ids = new Set(controlPlanes.map(({ nodeId }) => nodeId));
  const open = orders.filter(
    (each) => ids.has(each.nodeId) && isDisruptive(each) && !isQuiet(each),
  );
  return [term ?? 'no term', ...open.map(({ operationId }) => operationId)].join(' ');
}
