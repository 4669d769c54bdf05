import type { LeafCertificate } from './leaf-certificates.ts';
import { KUBELET_CONF_LEAF, KUBELET_LEAF } from './leaf-files.ts';
import { isOver } from './leaf-life.ts';
import type { NodeId } from './node-id.ts';

/** Names what a control plane hands over to a kubelet that lost its place, in place of an operation. */
export function kubeletHandover(nodeId: NodeId): string {
  return `kubelet-${nodeId}`;
}

/** Whether a kubelet had client certificates and nobody takes any of them any more. */
export function isKubeletLockedOut(leaves: readonly LeafCertificate[], wallMs: number): boolean {
  const own = leaves.filter(({ name }) => name === KUBELET_LEAF || name === KUBELET_CONF_LEAF);
  return own.length > 0 && own.every((leaf) => isOver(leaf, wallMs));
}
