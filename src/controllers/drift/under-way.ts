import { readProgress } from '../../machines/operation-progress.ts';
import type { Ports } from '../../ports/index.ts';
import type { Assignment } from '../../state/assignment.ts';
import { PARKED_FOLDER } from '../../state/kubernetes-paths.ts';
import type { Order, OrderTask } from '../../state/order.ts';
import type { OrderReport } from '../../state/order-report.ts';
import { isServing } from '../../state/unfinished.ts';
import type { Mark } from './baseline.ts';

/** Orders that change what is looked at. */
const CHANGING: readonly OrderTask[] = ['upgrade-control-plane', 'upgrade-kubelet', 'reconfigure'];
/** It ends parts of the host for a while. */
const DISTURBING: readonly OrderTask[] = [...CHANGING, 'renew-certificates'];

export type Standing =
  | { readonly state: 'not-serving' }
  /** `pending`: the operation that changes what is looked at. */
  | { readonly state: 'under-way'; readonly pending: string | undefined }
  | { readonly state: 'serving'; readonly assignment: Assignment; readonly mark: Mark };

/** Whether the host is as an operation of ours left it, as the log and the host itself tell. */
export async function standing(ports: Ports): Promise<Standing> {
  const { files, self, store } = ports;
  const assignment = store.get('assignment', self.nodeId)?.value;
  if (!store.synced || assignment?.incarnation !== self.incarnation) return NOT_SERVING;
  if (assignment.role === 'spare') return NOT_SERVING;
  const order = orderUnderWay(ports);
  if (order) {
    const pending = CHANGING.includes(order.task) ? order.operationId : undefined;
    return { state: 'under-way', pending };
  }
  const operation = store.get('operation', assignment.operationId)?.value;
  const progress = operation && readProgress(operation.snapshot);
  const isDone = progress?.state === 'succeeded';
  if (!isDone || !isServing(assignment, store.get('status', self.nodeId)?.value)) {
    return { state: 'under-way', pending: isDone ? undefined : assignment.operationId };
  }
  // What the boot parked comes back by itself.
  const parked = await files.list(PARKED_FOLDER);
  if (parked.length > 0) return NOT_SERVING;
  return { state: 'serving', assignment, mark: markOf(ports, assignment) };
}

const NOT_SERVING: Standing = { state: 'not-serving' };

/** An order that is not over, by the order itself or by what its carrier says of it. */
function orderUnderWay(ports: Ports): Pick<Order, 'task' | 'operationId'> | undefined {
  const { self, store } = ports;
  const order = store.get('order', self.nodeId)?.value;
  const works = [workIn('upkeep', ports), workIn('certificates', ports)].flatMap(
    (each) => each ?? [],
  );
  const isOver = works.some(
    ({ operationId, state }) => operationId === order?.operationId && state !== 'under-way',
  );
  if (order && !isOver && DISTURBING.includes(order.task)) return order;
  return works.find(({ task, state }) => state === 'under-way' && DISTURBING.includes(task));
}

/** A failed one counts: it left the host as it was before, but for what can not go back. */
function markOf(ports: Ports, { operationId }: Assignment): Mark {
  const work = workIn('upkeep', ports);
  if (!work) return { assignment: operationId, order: null };
  const order = CHANGING.includes(work.task) ? work.operationId : 'unknown';
  return { assignment: operationId, order };
}

function workIn(kind: 'upkeep' | 'certificates', { self, store }: Ports): OrderReport | undefined {
  const value = store.get(kind, self.nodeId)?.value;
  return value?.incarnation === self.incarnation ? (value.work ?? undefined) : undefined;
}
