import type { Task } from './assignment.ts';
import {
  ETCD_FOLDER,
  KUBERNETES_FOLDER,
  MANIFESTS_FOLDER,
  PARKED_FOLDER,
  PKI_FOLDER,
} from './kubernetes-paths.ts';

/** Names found in the folders that make a host a Kubernetes node. */
export interface HostListing {
  readonly kubernetes: readonly string[];
  readonly manifests: readonly string[];
  readonly pki: readonly string[];
  readonly etcd: readonly string[];
  /** What was moved aside at a boot. */
  readonly parked: readonly string[];
}

/** Of control planes alone. */
const CONTROL_PLANE_CONFIGS = [
  'admin.conf',
  'super-admin.conf',
  'controller-manager.conf',
  'scheduler.conf',
];
/** What civitas gives the API server; the first is as secret as a key. */
const OWN_FILES = ['encryption.yaml', 'audit-policy.yaml'];
const KUBECONFIGS = [...CONTROL_PLANE_CONFIGS, 'kubelet.conf', 'bootstrap-kubelet.conf'];
/** Manifests of a control plane. */
export const STATIC_PODS: readonly string[] = [
  'etcd.yaml',
  'kube-apiserver.yaml',
  'kube-controller-manager.yaml',
  'kube-scheduler.yaml',
];

/** What a boot moves aside: without it a kubelet does not start, and no static pod. */
export const PARKABLE: readonly string[] = ['kubelet.conf', ...STATIC_PODS];

/** Where a file that was parked belongs. */
export function homeOf(name: string): string {
  return `${STATIC_PODS.includes(name) ? MANIFESTS_FOLDER : KUBERNETES_FOLDER}/${name}`;
}

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
    ...found(PARKED_FOLDER, PARKABLE, listing.parked),
  ];
}

/** Manifests that make this host a control plane, where they count and where they are parked. */
export function controlPlaneManifests({ manifests, parked }: HostListing): readonly string[] {
  return [
    ...found(MANIFESTS_FOLDER, STATIC_PODS, manifests),
    ...found(PARKED_FOLDER, STATIC_PODS, parked),
  ];
}

/** What else a worker does not have: credentials, keys, and the data of etcd. */
export function controlPlaneRemains({ kubernetes, pki, etcd }: HostListing): readonly string[] {
  const keys = pki.filter((name) => name !== 'ca.crt').map((name) => `${PKI_FOLDER}/${name}`);
  return [
    ...found(KUBERNETES_FOLDER, [...CONTROL_PLANE_CONFIGS, ...OWN_FILES], kubernetes),
    ...keys,
    ...found(ETCD_FOLDER, ['member'], etcd),
  ];
}

function found(folder: string, names: readonly string[], listed: readonly string[]) {
  return names.filter((name) => listed.includes(name)).map((name) => `${folder}/${name}`);
}
