import { TerminalError } from '../../errors.ts';
import type { KubernetesVersion } from '../kubernetes-version.ts';

/** A part of a YAML document. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * How long kubeadm waits, in Go's notation. For a control plane to become healthy it has its own four
 * minutes: what is said of that here goes into the probes of its static pods, and `kubeadm upgrade`,
 * which is never told, would make other manifests and swap them all.
 */
interface Timeouts {
  readonly kubelet: string;
  /** Adding, starting and promoting an etcd learner; slow disks need minutes. */
  readonly etcd: string;
  readonly tlsBootstrap: string;
  readonly discovery: string;
}

const TIMEOUTS: Timeouts = {
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
  /** Command line arguments of a component; in what people wrote, `null` takes one away. */
  extraArgs(args: Fields): unknown;
  /** Fields of InitConfiguration and JoinConfiguration. */
  readonly timeoutFields: Fields;
  /** Fields of JoinConfiguration's `discovery`. */
  readonly discoveryFields: Fields;
}

const OLDEST_MINOR = 28;
const FIRST_V1BETA4_MINOR = 31;

const V1BETA3: KubeadmDialect = {
  apiVersion: 'kubeadm.k8s.io/v1beta3',
  extraArgs: (args) => args,
  timeoutFields: {},
  discoveryFields: { timeout: TIMEOUTS.discovery },
};

const V1BETA4: KubeadmDialect = {
  apiVersion: 'kubeadm.k8s.io/v1beta4',
  extraArgs: (args) => Object.entries(args).map(([name, value]) => ({ name, value })),
  timeoutFields: {
    timeouts: {
      kubeletHealthCheck: TIMEOUTS.kubelet,
      etcdAPICall: TIMEOUTS.etcd,
      tlsBootstrap: TIMEOUTS.tlsBootstrap,
      discovery: TIMEOUTS.discovery,
    },
  },
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
