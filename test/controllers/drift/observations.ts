import type { Baseline } from '../../../src/controllers/drift/baseline.ts';
import type { Serving } from '../../../src/controllers/drift/observed.ts';
import { EMPTY_BOOK } from '../../../src/controllers/drift/repair-book.ts';
import {
  CONTROL_PLANE_LABELS,
  CONTROL_PLANE_TAINT,
} from '../../../src/state/control-plane-marks.ts';
import { id } from '../../support/controllers-entries.ts';

export const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';
export const KUBELET_FLAGS = '/var/lib/kubelet/kubeadm-flags.env';
export const SCHEDULER = '/etc/kubernetes/manifests/kube-scheduler.yaml';
export const DROP_IN = '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf';

/** As the last operation left them. */
const LEFT: Readonly<Record<string, string>> = {
  [KUBELET_CONFIG]: 'kind: KubeletConfiguration',
  [KUBELET_FLAGS]: 'KUBELET_KUBEADM_ARGS="--node-ip=10.0.0.1"',
  [SCHEDULER]: 'kind: Pod',
  [DROP_IN]: '[Service]',
};

export const BASELINE: Baseline = {
  pending: null,
  of: { assignment: 'init', order: null },
  files: Object.entries(LEFT).map(([path, content]) => ({ path, content })),
};

export function filesWith(differs: Readonly<Record<string, string | undefined>> = {}) {
  return new Map<string, string | undefined>(Object.entries({ ...LEFT, ...differs }));
}

/** n1, a control plane on which all is as it should be; say only what differs. */
export function serving(differs: Partial<Serving> = {}): { readonly state: 'serving' } & Serving {
  return {
    state: 'serving',
    nodeId: id(1),
    incarnation: 1,
    policy: 'repair',
    wallMs: 1_000,
    baseline: BASELINE,
    mark: { assignment: 'init', order: null },
    book: EMPTY_BOOK,
    reported: undefined,
    host: {
      kubernetesVersion: 'v1.34.4',
      addresses: ['10.0.0.1'],
      files: filesWith(),
      wrongSettings: [],
      alteredBalancer: undefined,
    },
    node: {
      isControlPlane: true,
      isAbsent: false,
      marks: {
        uid: 'u1',
        unschedulable: false,
        taints: [CONTROL_PLANE_TAINT],
        labels: CONTROL_PLANE_LABELS,
      },
    },
    configMaps: 'unseen',
    turn: { servesAnyway: false, why: undefined, settling: new Set() },
    ...differs,
  };
}
