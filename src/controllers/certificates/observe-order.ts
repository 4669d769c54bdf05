import type { Ports } from '../../ports/index.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { isLateOrder } from '../../state/late-order.ts';
import type { Observed } from './observed.ts';

/** The order for this life of the node, unless a leader wrote it after another had taken its place. */
export function observeOrder({
  self,
  store,
}: Pick<Ports, 'self' | 'store'>): Pick<Observed, 'order' | 'drained'> {
  const entry = store.get('order', self.nodeId);
  const isOurs =
    entry?.value.incarnation === self.incarnation && entry.value.task === 'renew-certificates';
  if (!entry || !isOurs) return { order: undefined, drained: false };
  const leadership = store.get('leadership', SINGLETON);
  if (isLateOrder(entry, leadership, store.list('order'))) {
    return { order: undefined, drained: false };
  }
  const drain = store.get('drain', self.nodeId)?.value;
  const isFor = drain?.operationId === entry.value.operationId;
  return { order: entry.value, drained: isFor && drain.state === 'drained' };
}
