import type { Ports } from '../../ports/index.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { isLateOrder } from '../../state/late-order.ts';
import type { OrderTask } from '../../state/order.ts';
import { isOf, type Job } from './job.ts';
import type { Observed } from './observed.ts';

/** Name of the durable file that keeps the highest term whose order was obeyed. */
export const OBEYED_ORDER_TERM = 'obeyed-order-term';

/** The rest is for others. */
const TASKS: readonly OrderTask[] = [
  'prepare',
  'upgrade-control-plane',
  'upgrade-kubelet',
  'reconfigure',
];

/** What is asked of this node, and whether it counts. */
export function observeOrder(
  { self, store }: Ports,
  job: Job | undefined,
): Pick<Observed, 'order' | 'isLate'> {
  const entry = store.get('order', self.nodeId);
  if (!entry || !TASKS.includes(entry.value.task)) return { order: undefined, isLate: false };
  const leadership = store.get('leadership', SINGLETON);
  const late = isLateOrder(entry, leadership, store.list('order'));
  return { order: entry.value, isLate: late && !isOf(job, entry.value) };
}

/** Undefined unless whatever else is asked of this node, by its assignment, is done. */
export function servesBy({ self, store }: Ports): string | undefined {
  const status = store.get('status', self.nodeId)?.value;
  const assignment = store.get('assignment', self.nodeId)?.value;
  if (status?.phase !== 'serving' || status.incarnation !== self.incarnation) return undefined;
  return assignment?.operationId === status.operationId ? assignment?.operationId : undefined;
}
