import { TerminalError } from '../../errors.ts';
import type { KubernetesVersion } from '../kubernetes-version.ts';

/** A part of a YAML document. */
export type Fields = Readonly<Record<string, unknown>>;

/** How long kubeadm waits, in Go's notation. */
interface Timeouts {
  /** API server, controller manager and scheduler become healthy. */
  readonly controlPlane: string;
  readonly kubelet: string;
  /** Adding, starting and promoting an etcd learner; slow disks need minutes. */
  readonly etcd: string;
  readonly tlsBootstrap: string;
  readonly discovery: string;
}

const TIMEOUTS: Timeouts = {
  controlPlane: '1m30s',
  kubelet: '1m30s',
  etcd: '5m0s',
  tlsBootstrap: '2m0s',
  discovery: '1m0s',
};

/**
 * Where the kubeadm API versions differ. v1beta4 came with 1.31; kubeadm 1.28 to 1.30 read only
 * v1beta3, which has neither lists of arguments nor `timeouts`.
 */
export interface KubeadmDialect {
  readonly apiVersion: string;
  /** Command line arguments of a component. */
  extraArgs(args: Readonly<Record<string, string>>): unknown;
  /** Fields of InitConfiguration and JoinConfiguration. */
  readonly timeoutFields: Fields;
  /** Fields of ClusterConfiguration's `apiServer`. */
  readonly apiServerFields: Fields;
  /** Fields of JoinConfiguration's `discovery`. */
  readonly discoveryFields: Fields;
}

const OLDEST_MINOR = 28;
const FIRST_V1BETA4_MINOR = 31;

const V1BETA3: KubeadmDialect = {
  apiVersion: 'kubeadm.k8s.io/v1beta3',
  extraArgs: (args) => args,
  timeoutFields: {},
  apiServerFields: { timeoutForControlPlane: TIMEOUTS.controlPlane },
  discoveryFields: { timeout: TIMEOUTS.discovery },
};

const V1BETA4: KubeadmDialect = {
  apiVersion: 'kubeadm.k8s.io/v1beta4',
  extraArgs: (args) => Object.entries(args).map(([name, value]) => ({ name, value })),
  timeoutFields: {
    timeouts: {
      controlPlaneComponentHealthCheck: TIMEOUTS.controlPlane,
      kubeletHealthCheck: TIMEOUTS.kubelet,
      etcdAPICall: TIMEOUTS.etcd,
      tlsBootstrap: TIMEOUTS.tlsBootstrap,
      discovery: TIMEOUTS.discovery,
    },
  },
  apiServerFields: {},
  discoveryFields: {},
};

/** Throws TerminalError `kubeadm.version-unsupported` below 1.28. */
export function kubeadmDialect({ minor }: KubernetesVersion): KubeadmDialect {
  if (minor >= FIRST_V1BETA4_MINOR) return V1BETA4;
  if (minor >= OLDEST_MINOR) return V1BETA3;
  throw new TerminalError(
    'kubeadm.version-unsupported',
    `kubeadm 1.${minor} is not supported: choose kubernetesVersion v1.${OLDEST_MINOR} or newer.`,
  );
}
