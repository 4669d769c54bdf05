import type { NodeId } from './node-id.ts';
import type { OrderTask } from './order.ts';

/**
 * `<task>-<nodeId>-<n>`, where n is one more than the highest of any task of that node in `knownIds`:
 * whatever a node still remembers of its last order, it is none of these.
 */
export function nextOrderId(task: OrderTask, nodeId: NodeId, knownIds: readonly string[]): string {
  const numbers = knownIds.flatMap((id) => {
    const [, number] = id.split(`-${nodeId}-`);
    return number === undefined ? [] : [Number(number)];
  });
  return `${task}-${nodeId}-${1 + Math.max(0, ...numbers)}`;
}
