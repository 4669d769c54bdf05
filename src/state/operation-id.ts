import type { Task } from './assignment.ts';
import type { NodeId } from './node-id.ts';

/**
 * The one `kubeadm init` of a cluster. It names no node on purpose: the host that creates the
 * operation entry of this name by compare-and-swap may run it, whoever else was asked may not.
 * So not even a leader that slept through its successor's term can make a second init (S2).
 */
const INIT_OPERATION_ID = 'init';

/** `<task>-<nodeId>-<n>`, where n is one more than the highest in `knownIds`; init has its own name. */
export function nextOperationId(task: Task, nodeId: NodeId, knownIds: readonly string[]): string {
  if (task === 'init') return INIT_OPERATION_ID;

  const prefix = `${task}-${nodeId}-`;
  const numbers = knownIds
    .filter((id) => id.startsWith(prefix))
    .map((id) => Number(id.slice(prefix.length)));
  return `${prefix}${1 + Math.max(0, ...numbers)}`;
}
