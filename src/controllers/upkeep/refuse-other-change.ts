import { RetryableError } from '../../errors.ts';
import type { Store } from '../../ports/store.ts';
import { SINGLETON } from '../../state/kinds.ts';
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
  const assignments = countingAssignments({
    assignments: store.list('assignment'),
    operations: store.list('operation'),
    leadership: store.get('leadership', SINGLETON),
  });
  const entries = {
    nodes: store.list('node'),
    livenesses: store.list('liveness'),
    statuses: store.list('status'),
    assignments,
    departures: store.list('departure'),
    requests: store.list('request'),
    drifts: store.list('drift'),
  };
  const change = otherChange(rosterOf(entries, []));
  if (change === undefined) return;
  throw new RetryableError(
    'upkeep.other-change',
    `the order ${order.operationId} was not given, as ${change}: it is given once that is over`,
  );
}
