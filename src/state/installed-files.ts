import type { Task } from './assignment.ts';
import {
  KUBELET_CERTIFICATE_FILE,
  KUBELET_CONF_FILE,
  KUBELET_CONFIG_FILE,
  KUBELET_FLAGS_FILE,
  KUBERNETES_FOLDER,
  MANIFESTS_FOLDER,
  SHARED_FILES,
} from './kubernetes-paths.ts';

const KUBELET = [KUBELET_CONF_FILE, KUBELET_CONFIG_FILE, KUBELET_FLAGS_FILE];
const CONTROL_PLANE = [
  ...['admin.conf', 'controller-manager.conf', 'scheduler.conf'].map(
    (name) => `${KUBERNETES_FOLDER}/${name}`,
  ),
  ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
    (name) => `${MANIFESTS_FOLDER}/${name}.yaml`,
  ),
  ...SHARED_FILES.map(({ path }) => path),
];

/**
 * Files without which a host does not serve for long although it looks installed: its Node was
 * registered before a power cut that took some of them. What an API server does not start without is
 * left out. An init gives the kubelet its first certificate within kubelet.conf, and whoever changes
 * its role served by what it has.
 */
export function installedFiles(task: Task): readonly string[] {
  switch (task) {
    case 'init':
    case 'promote':
      return [...KUBELET, ...CONTROL_PLANE];
    case 'join-control-plane':
      return [...KUBELET, KUBELET_CERTIFICATE_FILE, ...CONTROL_PLANE];
    case 'join-worker':
      return [...KUBELET, KUBELET_CERTIFICATE_FILE];
    case 'demote':
      return KUBELET;
    case 'stand-by':
    case 'retire':
      return [];
  }
}
