import { KUBEADM_CONFIG_FILE } from '../../state/kubernetes-paths.ts';
import { parseKubernetesVersion } from '../../state/kubernetes-version.ts';
import { phaseName } from './command.ts';

/** The first minor where a joining etcd has a phase of its own (ControlPlaneKubeletLocalMode is on). */
const ETCD_JOIN_SINCE = 33;

interface PromotionPhase {
  /** Announces a learner, starts it and makes it a voter. */
  readonly joinsEtcd: boolean;
  readonly argv: readonly [string, ...string[]];
}

/**
 * The phases of `kubeadm join` that make a control plane of a worker whose kubelet runs on. Each is
 * safe to repeat. etcd comes before the API server, which would crash-loop without one beside it.
 */
export function promotionPhases(kubernetesVersion: string): readonly PromotionPhase[] {
  const { minor = ETCD_JOIN_SINCE } = parseKubernetesVersion(kubernetesVersion) ?? {};
  return [
    phase('control-plane-prepare', 'certs'),
    phase('control-plane-prepare', 'kubeconfig'),
    {
      ...(minor >= ETCD_JOIN_SINCE ? phase('etcd-join') : phase('control-plane-join', 'etcd')),
      joinsEtcd: true,
    },
    phase('control-plane-prepare', 'control-plane'),
    phase('control-plane-join', 'mark-control-plane'),
  ];
}

/** Names of their units; their number is the same in all versions. */
export function phaseNames(operationId: string, attempt: number): readonly string[] {
  return promotionPhases('').map((_phase, index) => phaseName(operationId, attempt, index));
}

function phase(...words: readonly string[]): PromotionPhase {
  const argv = ['kubeadm', 'join', 'phase', ...words, '--config', KUBEADM_CONFIG_FILE] as const;
  return { joinsEtcd: false, argv };
}
