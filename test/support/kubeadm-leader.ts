import type { StoreHandle } from '../../src/ports/store.ts';
import type { Task } from '../../src/state/assignment.ts';
import type { Node } from '../../src/state/node.ts';
import type { KubeadmNodes } from './kubeadm-nodes.ts';

const EVERY_MS = 100;

/**
 * The least a leader has to do: one init, then control planes one after the other, workers at once.
 * Runs until `signal` aborts.
 */
export async function leadUntil(
  signal: AbortSignal,
  { clock, log, nodes }: KubeadmNodes,
  controlPlanes: number,
): Promise<void> {
  while (!signal.aborted) {
    for (const [index, { node }] of nodes.entries()) {
      const before = nodes.slice(0, Math.min(index, controlPlanes));
      const ready = before.every((earlier) => isServing(earlier.node, log));
      if (ready && !log.get('assignment', node.nodeId))
        await assign(node, index, controlPlanes, log);
    }
    await clock.sleep(EVERY_MS, signal);
  }
}

export function isServing({ nodeId }: Node, log: StoreHandle): boolean {
  const operationId = log.get('assignment', nodeId)?.value.operationId;
  const status = log.get('status', nodeId)?.value;
  return status?.phase === 'serving' && status.operationId === operationId;
}

async function assign(node: Node, index: number, controlPlanes: number, log: StoreHandle) {
  const task = taskFor(index, controlPlanes);
  const { nodeId, incarnation } = node;
  const first = log.list('node')[0]?.value.nodeId ?? null;
  const assignment = {
    nodeId,
    incarnation,
    term: 1,
    operationId: task === 'init' ? 'init' : `${task}-${nodeId}-1`,
    role: task === 'join-worker' ? ('worker' as const) : ('control-plane' as const),
    task,
    sponsor: task === 'init' ? null : first,
    kubernetesVersion: 'v1.34.4',
  };
  await log.put('assignment', nodeId, assignment, 0);
}

function taskFor(index: number, controlPlanes: number): Task {
  if (index === 0) return 'init';
  return index < controlPlanes ? 'join-control-plane' : 'join-worker';
}
