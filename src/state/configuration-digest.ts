import type { Role } from './assignment.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { sha256 } from './sha256.ts';

type Kubeadm = ClusterSpec['kubeadm'];

/** By part of a spec, which nobody changes. It is asked for in every pass. */
const known = new WeakMap<Kubeadm, Map<Role, string>>();

/**
 * What tells two configurations of a host's Kubernetes apart: SHA-256, hexadecimal, over those parts of
 * `spec.kubeadm` that a node of this role takes up. A worker has nothing of `clusterConfiguration`;
 * what only a command is told, `ignorePreflightErrors`, changes no node.
 */
export function configurationDigest(kubeadm: Kubeadm, role: Exclude<Role, 'spare'>): string {
  const digests = known.get(kubeadm) ?? new Map<Role, string>();
  known.set(kubeadm, digests);
  const digest = digests.get(role) ?? digestOf(kubeadm, role);
  digests.set(role, digest);
  return digest;
}

function digestOf(
  { clusterConfiguration, kubeletConfiguration, kubeProxyConfiguration }: Kubeadm,
  role: Exclude<Role, 'spare'>,
): string {
  const everywhere = { kubeletConfiguration, kubeProxyConfiguration };
  const parts = role === 'worker' ? everywhere : { ...everywhere, clusterConfiguration };
  return sha256(canonicalJson(parts));
}
