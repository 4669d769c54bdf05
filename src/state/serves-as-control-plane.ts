import type { NodeId } from './node-id.ts';
import type { ReadableLog } from './readable-log.ts';

/** Whether a node says of itself that it serves as a control plane, so that API servers answer to it. */
export function servesAsControlPlane(nodeId: NodeId, log: Pick<ReadableLog, 'get'>): boolean {
  const status = log.get('status', nodeId)?.value;
  return status?.phase === 'serving' && status.role === 'control-plane';
}
