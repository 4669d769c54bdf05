import type { Store } from '../../ports/store.ts';
import type { Entry } from '../../state/kinds.ts';
import { drainOrders } from './asks.ts';

/** Drains that were begun, and whose order is gone, or another one by now. */
export function leftBehind(store: Store): readonly Entry<'drain'>[] {
  const begun = store.list('drain').filter(({ value }) => value.state !== 'released');
  if (begun.length === 0) return [];
  const asked = new Set(drainOrders(store).map(({ operationId }) => operationId));
  return begun.filter(({ value }) => !asked.has(value.operationId));
}
