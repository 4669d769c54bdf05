import type { Entry } from '../../state/kinds.ts';
import type { Order } from '../../state/order.ts';
import type { OrderAction } from './action.ts';
import type { World } from './world.ts';

/** How far a node is that gives its pods away for an order: once drained it may be touched any moment. */
type Drained = 'draining' | 'drained' | 'let-off';

/**
 * The order again, as one that the leader wants back, while its node only gives its pods away: a safe
 * point, however long that would go on. Its sponsor alone says whether the node was drained before.
 */
export function recalled(entry: Entry<'order'>, world: World): readonly OrderAction[] {
  const { value: order, revision: ifRevision } = entry;
  if (order.recalled || !isRecallable(order, world)) return [];
  return [{ type: 'order', order: { ...order, term: world.term, recalled: true }, ifRevision }];
}

/** Whether the node of the order is not to be touched before its sponsor says that it is drained, and was not. */
export function isRecallable({ nodeId, operationId, drains }: Order, world: World): boolean {
  return drains && drainedFor(nodeId, operationId, world) === 'draining';
}

/** Whether it takes pods again without having been touched: nobody will, for this order. */
export function isLetOff({ nodeId, operationId, recalled: isBack }: Order, world: World): boolean {
  return isBack === true && drainedFor(nodeId, operationId, world) === 'let-off';
}

function drainedFor(nodeId: Order['nodeId'], operationId: string, { observed }: World): Drained {
  const drain = observed.drains.find(({ key }) => key === nodeId)?.value;
  if (drain?.operationId !== operationId || drain.state === 'draining') return 'draining';
  return drain.state === 'released' ? 'let-off' : 'drained';
}
