import type { ClusterSpec } from '../cluster-spec.ts';
import type { KubernetesVersion } from '../kubernetes-version.ts';

/** Everything that a configuration for kubeadm depends on. */
export interface KubeadmInput {
  readonly kubernetesVersion: KubernetesVersion;
  readonly clusterId: string;
  readonly spec: ClusterSpec;
  readonly hostname: string;
  /** The node's Kubernetes InternalIP. */
  readonly address: string;
  readonly cgroupDriver: 'systemd' | 'cgroupfs';
  /** Host names and addresses of all enrolled nodes, for the certificate of the API server. */
  readonly knownNames: readonly string[];
}

export type JoinTask = 'join-control-plane' | 'join-worker';
