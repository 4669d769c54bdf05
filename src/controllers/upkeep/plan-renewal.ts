import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { LeafCertificate } from '../../state/leaf-certificates.ts';
import { isDue, isDueSoon } from '../../state/leaf-life.ts';
import type { NodeId } from '../../state/node-id.ts';
import { planStep } from './plan-step.ts';
import type { Draft } from './plan-upgrade.ts';
import type { UpkeptNode } from './upkept-nodes.ts';
import { clusterVersion, kubeletVersion } from './versions.ts';

/** What was renewed and is due at once again is not renewed by an order: it waits for the next day. */
const AGAIN_AFTER_MS = 86_400_000;

/** When each node was last given new certificates, by the wall clock. */
export type RenewedAt = ReadonlyMap<NodeId, number>;

/**
 * New certificates for every node that has one past two thirds of its life, and with them for those that
 * get there soon, control planes first; undefined when none is past it, or when the policy is to tell only.
 */
export function planRenewal(
  nodes: readonly UpkeptNode[],
  spec: ClusterSpec,
  wallMs: number,
  renewedAt: RenewedAt,
): Draft | undefined {
  if (spec.certificates.policy === 'report') return undefined;
  const due = dueNodes(nodes, wallMs, renewedAt);
  if (due.length === 0) return undefined;
  const cluster = clusterVersion(nodes) ?? spec.kubernetesVersion;
  const inOrder = (['control-plane', 'worker'] as const).flatMap((role) =>
    due.filter((each) => each.role === role),
  );
  return {
    releases: [cluster],
    steps: inOrder.map((each) => {
      const stage = each.role === 'worker' ? 'workers' : 'control planes';
      return planStep(each, stage, 'renew-certificates', kubeletVersion(each) ?? cluster);
    }),
  };
}

/** Nobody is soon due alone. */
function dueNodes(
  nodes: readonly UpkeptNode[],
  wallMs: number,
  renewedAt: RenewedAt,
): readonly UpkeptNode[] {
  const has = (node: UpkeptNode, isOld: typeof isDue) => {
    const leaves = agedLeaves(node, wallMs, renewedAt.get(node.nodeId));
    return leaves.some((leaf) => isOld(leaf, wallMs));
  };
  return nodes.some((node) => has(node, isDue)) ? nodes.filter((node) => has(node, isDueSoon)) : [];
}

/**
 * A leaf may say that it is valid since its CA is: kubeadm writes that. So its life begins no earlier
 * than the node was last given new ones, or each renewal would be due sooner than the one before.
 */
export function agedLeaves(
  { certificates }: UpkeptNode,
  wallMs: number,
  renewedAtMs = Number.NEGATIVE_INFINITY,
): readonly LeafCertificate[] {
  if (wallMs < renewedAtMs + AGAIN_AFTER_MS) return [];
  return (certificates?.leaves ?? []).map((leaf) => {
    return { ...leaf, notBeforeWallMs: Math.max(leaf.notBeforeWallMs, renewedAtMs) };
  });
}
