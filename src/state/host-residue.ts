import type { Task } from './assignment.ts';
import {
  ETCD_FOLDER,
  KUBERNETES_FOLDER,
  MANIFESTS_FOLDER,
  PKI_FOLDER,
} from './kubernetes-paths.ts';

/** Names found in the folders that make a host a Kubernetes node. */
export interface HostListing {
  readonly kubernetes: readonly string[];
  readonly manifests: readonly string[];
  readonly pki: readonly string[];
  readonly etcd: readonly string[];
}

const KUBECONFIGS = [
  'admin.conf',
  'super-admin.conf',
  'kubelet.conf',
  'bootstrap-kubelet.conf',
  'controller-manager.conf',
  'scheduler.conf',
];
const STATIC_PODS = [
  'etcd.yaml',
  'kube-apiserver.yaml',
  'kube-controller-manager.yaml',
  'kube-scheduler.yaml',
];

/**
 * Paths of what kubeadm left on a host. Keys that were handed over for a control-plane join stand
 * there before kubeadm starts, so for that task they are no residue.
 */
export function hostResidue(listing: HostListing, task: Task | undefined): readonly string[] {
  const certificates = task === 'join-control-plane' ? [] : ['ca.crt'];
  return [
    ...found(KUBERNETES_FOLDER, KUBECONFIGS, listing.kubernetes),
    ...found(MANIFESTS_FOLDER, STATIC_PODS, listing.manifests),
    ...found(PKI_FOLDER, certificates, listing.pki),
    ...found(ETCD_FOLDER, ['member'], listing.etcd),
  ];
}

function found(folder: string, names: readonly string[], listed: readonly string[]) {
  return names.filter((name) => listed.includes(name)).map((name) => `${folder}/${name}`);
}
