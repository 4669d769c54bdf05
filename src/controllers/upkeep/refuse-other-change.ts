import { RetryableError } from '../../errors.ts';
import type { Store } from '../../ports/store.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { logEntries } from '../../state/node-facts.ts';
import { isDisruptive, type Order } from '../../state/order.ts';
import { rosterOf } from '../../state/roster.ts';
import { countingAssignments } from './counting-assignments.ts';
import { otherChange } from './world.ts';

/**
 * Refuses to disturb a node while another one joins or leaves, by what the log says right now (S6).
 * Throws RetryableError `upkeep.other-change`.
 */
export function refuseOtherChange(order: Order, store: Pick<Store, 'get' | 'list'>): void {
  if (!isDisruptive(order)) return;
  const entries = logEntries(store);
  const leadership = store.get('leadership', SINGLETON);
  const assignments = countingAssignments({ ...entries, leadership });
  const change = otherChange(rosterOf({ ...entries, assignments }, []));
  if (change === undefined) return;
  throw new RetryableError(
    'upkeep.other-change',
    `the order ${order.operationId} was not given, as ${change}: it is given once that is over`,
  );
}
