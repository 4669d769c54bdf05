import type { Ports } from '../../ports/index.ts';
import type { Store } from '../../ports/store.ts';
import { type Entry, SINGLETON } from '../../state/kinds.ts';
import { isLateOrder } from '../../state/late-order.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Order } from '../../state/order.ts';
import type { OrderReport } from '../../state/order-report.ts';
import type { Ask } from './observed.ts';

/** Orders that give pods away, of leaders that led when they wrote them, for nodes as they live now. */
export function drainOrders(store: Store): readonly Order[] {
  const orders = store.list('order');
  const leadership = store.get('leadership', SINGLETON);
  const counts = (entry: Entry<'order'>) => !isLateOrder(entry, leadership, orders);
  return orders
    .filter(counts)
    .map(({ value }) => value)
    .filter((order) => order.drains || order.task === 'drain')
    .filter(({ nodeId, incarnation }) => {
      return store.get('node', nodeId)?.value.incarnation === incarnation;
    });
}

/** Those among them that this node sponsors. */
export function asksOf({ self, store }: Ports): readonly Ask[] {
  const own = drainOrders(store).filter(({ sponsor }) => sponsor === self.nodeId);
  return own.flatMap((order) => {
    const hostname = store.get('node', order.nodeId)?.value.hostname;
    if (hostname === undefined) return [];
    const { nodeId, incarnation, operationId, task, kubernetesVersion } = order;
    const lastControlPlane = isLastControlPlane(nodeId, store);
    const work = workOf(order, store);
    return [
      {
        nodeId,
        incarnation,
        operationId,
        task,
        kubernetesVersion,
        hostname,
        work,
        lastControlPlane,
        recalled: order.recalled ?? false,
      },
    ];
  });
}

/** How far the node is with what it gives its pods away for; a drain by itself has no end. */
function workOf({ nodeId, task, operationId }: Order, store: Store): OrderReport['state'] {
  const kind = task === 'renew-certificates' ? 'certificates' : 'upkeep';
  const report = store.get(kind, nodeId)?.value.work;
  return task !== 'drain' && report?.operationId === operationId ? report.state : 'under-way';
}

function isLastControlPlane(nodeId: NodeId, store: Store): boolean {
  if (store.get('assignment', nodeId)?.value.role !== 'control-plane') return false;
  const others = store.list('assignment').filter(({ key, value }) => {
    return key !== nodeId && value.role === 'control-plane';
  });
  return !others.some(({ key }) => isHealthyControlPlane(key, store));
}

function isHealthyControlPlane(nodeId: NodeId, store: Store): boolean {
  const status = store.get('status', nodeId)?.value;
  const lives = store.get('liveness', nodeId)?.value.verdict === 'alive';
  return lives && status?.phase === 'serving' && status.kubernetes.apiServerReady;
}
