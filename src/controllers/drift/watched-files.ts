import {
  KUBELET_CONFIG_FILE,
  KUBELET_FLAGS_FILE,
  MANIFESTS_FOLDER,
} from '../../state/kubernetes-paths.ts';
import type { Afterwards } from './finding.ts';

interface WatchedFile {
  readonly item: string;
  readonly path: string;
  readonly mode: number;
  readonly afterwards: Afterwards;
}

const UNITS_FOLDER = '/etc/systemd/system';

const MANIFESTS: readonly WatchedFile[] = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
].map((component) => ({
  item: `manifest:${component}`,
  path: `${MANIFESTS_FOLDER}/${component}.yaml`,
  mode: 0o600,
  afterwards: 'nothing',
}));

const UNITS: readonly WatchedFile[] = [
  unit('unit:kubelet', 'kubelet.service', 'reload-kubelet'),
  unit('unit:kubelet-drop-in', 'kubelet.service.d/10-kubeadm.conf', 'reload-kubelet'),
  unit('unit:civitas-haproxy', 'civitas-haproxy.service', 'reload-units'),
];

function unit(item: string, name: string, afterwards: Afterwards): WatchedFile {
  return { item, path: `${UNITS_FOLDER}/${name}`, mode: 0o644, afterwards };
}

/**
 * Files that an operation of ours leaves behind and nobody changes until the next one. None of them
 * holds a secret: the repair keeps a copy of each. Modes are those of kubeadm and of civitas.
 */
export const WATCHED_FILES: readonly WatchedFile[] = [
  ...MANIFESTS,
  { item: 'kubelet-config', path: KUBELET_CONFIG_FILE, mode: 0o644, afterwards: 'restart-kubelet' },
  { item: 'kubelet-flags', path: KUBELET_FLAGS_FILE, mode: 0o644, afterwards: 'restart-kubelet' },
  ...UNITS,
  {
    item: 'sysctl-file',
    path: '/etc/sysctl.d/90-civitas.conf',
    mode: 0o644,
    afterwards: 'nothing',
  },
];
