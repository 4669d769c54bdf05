/** Files as kubeadm, kubelet and etcd place them. */
export const MANIFESTS = '/etc/kubernetes/manifests';
export const PKI = '/etc/kubernetes/pki';
export const KUBELET_FOLDER = '/var/lib/kubelet';
export const ETCD_FOLDER = '/var/lib/etcd';
export const CNI_FOLDER = '/etc/cni/net.d';

export const ADMIN_CONF = '/etc/kubernetes/admin.conf';
export const SUPER_ADMIN_CONF = '/etc/kubernetes/super-admin.conf';
export const CONTROLLER_MANAGER_CONF = '/etc/kubernetes/controller-manager.conf';
export const SCHEDULER_CONF = '/etc/kubernetes/scheduler.conf';
export const KUBELET_CONF = '/etc/kubernetes/kubelet.conf';
export const BOOTSTRAP_KUBELET_CONF = '/etc/kubernetes/bootstrap-kubelet.conf';

export const CA_CERTIFICATE = `${PKI}/ca.crt`;
export const KUBELET_CONFIG = `${KUBELET_FOLDER}/config.yaml`;
export const KUBELET_FLAGS = `${KUBELET_FOLDER}/kubeadm-flags.env`;
export const KUBELET_CERTIFICATE = `${KUBELET_FOLDER}/pki/kubelet-client-current.pem`;
/** Real etcd keeps its identity in the database and the write-ahead log; the simulated one in this file. */
export const ETCD_DATA = `${ETCD_FOLDER}/member/snap/db`;
export const CNI_CONFIG = `${CNI_FOLDER}/10-civitas.conflist`;

export const COMPONENTS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
] as const;

export type Component = (typeof COMPONENTS)[number];

const MANIFEST_PATHS: Readonly<Record<Component, string>> = {
  etcd: `${MANIFESTS}/etcd.yaml`,
  'kube-apiserver': `${MANIFESTS}/kube-apiserver.yaml`,
  'kube-controller-manager': `${MANIFESTS}/kube-controller-manager.yaml`,
  'kube-scheduler': `${MANIFESTS}/kube-scheduler.yaml`,
};

export function manifestPath(component: Component): string {
  return MANIFEST_PATHS[component];
}
