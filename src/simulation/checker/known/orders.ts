import { SINGLETON } from '../../../state/kinds.ts';
import { isLateOrder } from '../../../state/late-order.ts';
import { isDisruptive, type Order } from '../../../state/order.ts';
import type { Of } from '../rule.ts';
import type { Known } from './known.ts';
import { nameOf } from './questions.ts';

/** What each node is asked for now, by leaders that led when they wrote it. */
function standingOrders({ log }: Known): readonly Order[] {
  const all = [...log.order.values()];
  const leadership = log.leadership.get(SINGLETON);
  return all.filter((each) => !isLateOrder(each, leadership, all)).map(({ value }) => value);
}

/** Hosts that an order takes out of service, from when it was given until it is taken back. */
export function disturbedHosts(known: Known): readonly string[] {
  return standingOrders(known)
    .filter(isDisruptive)
    .map(({ nodeId }) => nameOf(known, nodeId));
}

/** An order that counts and was not given before; under another sponsor it is the same. */
export function freshOrder(
  { kind, key, value, revision }: Of<'log.committed'>,
  { log }: Known,
): Order | undefined {
  if (kind !== 'order' || value === null) return undefined;
  // Sound: the store parsed what it committed.
  const order = value as Order;
  if (log.order.get(key)?.value.operationId === order.operationId) return undefined;
  const others = [...log.order.values()];
  const isLate = isLateOrder({ value: order, revision }, log.leadership.get(SINGLETON), others);
  return isLate ? undefined : order;
}

/** Of the machine of that name, in whichever of its lives. */
export function orderOf(known: Known, hostname: string): Order | undefined {
  return standingOrders(known).find(({ nodeId }) => nameOf(known, nodeId) === hostname);
}
