import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { LeafCertificate } from '../../state/leaf-certificates.ts';
import { isLate, isRenewable } from '../../state/leaf-life.ts';
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
 * New certificates for every node that has one past two thirds of its life, control planes first;
 * undefined when none has, or when the policy is to tell only.
 */
export function planRenewal(
  nodes: readonly UpkeptNode[],
  spec: ClusterSpec,
  wallMs: number,
  renewedAt: RenewedAt,
): Draft | undefined {
  if (spec.certificates.policy === 'report') return undefined;
  const due = nodes.filter(({ nodeId, certificates }) =>
    (certificates?.leaves ?? []).some((leaf) => isDue(leaf, wallMs, renewedAt.get(nodeId))),
  );
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

/**
 * A leaf may say that it is valid since its CA is: kubeadm writes that. So its life begins no earlier
 * than the node was last given new ones, or each renewal would be due sooner than the one before.
 */
function isDue(
  leaf: LeafCertificate,
  wallMs: number,
  renewedAtMs = Number.NEGATIVE_INFINITY,
): boolean {
  if (wallMs < renewedAtMs + AGAIN_AFTER_MS) return false;
  const notBeforeWallMs = Math.max(leaf.notBeforeWallMs, renewedAtMs);
  return isRenewable(leaf) && isLate({ ...leaf, notBeforeWallMs }, wallMs);
}
