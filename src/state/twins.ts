import type { Node } from './node.ts';

/** What two machines share that only one may have; undefined when nothing, or when both are one node. */
export function sharedIdentity(left: Node, right: Node): 'hostname' | 'machine id' | undefined {
  if (left.nodeId === right.nodeId) return undefined;
  if (left.hostname === right.hostname) return 'hostname';
  return left.machineIdHash === right.machineIdHash ? 'machine id' : undefined;
}
