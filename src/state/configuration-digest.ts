import type { Role } from './assignment.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { sha256 } from './sha256.ts';

/**
 * What tells two configurations of a host's Kubernetes apart: SHA-256, hexadecimal, over those parts of
 * `spec.kubeadm` that a node of this role takes up. A worker has nothing of `clusterConfiguration`;
 * what only a command is told, `ignorePreflightErrors`, changes no node.
 */
export function configurationDigest(
  { clusterConfiguration, kubeletConfiguration, kubeProxyConfiguration }: ClusterSpec['kubeadm'],
  role: Exclude<Role, 'spare'>,
): string {
  const everywhere = { kubeletConfiguration, kubeProxyConfiguration };
  const parts = role === 'worker' ? everywhere : { ...everywhere, clusterConfiguration };
  return sha256(canonicalJson(parts));
}
