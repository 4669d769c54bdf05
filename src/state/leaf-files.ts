import {
  KUBELET_CERTIFICATE_FILE,
  KUBELET_CONF_FILE,
  KUBELET_PKI_FOLDER,
  KUBERNETES_FOLDER,
  PKI_FOLDER,
} from './kubernetes-paths.ts';

/** Where one leaf of a host stands. */
export interface LeafFile {
  /** As kubeadm names it, where it is one of kubeadm's. */
  readonly name: string;
  readonly path: string;
  /** Its key, where that stands in a file of its own. */
  readonly keyPath?: string;
  /** `kubeconfig`: base64 within a `client-certificate-data`, where the file has one. */
  readonly form: 'pem' | 'kubeconfig';
}

/** What `kubeadm certs renew all` makes anew; the order is kubeadm's. */
export const KUBEADM_LEAVES: readonly LeafFile[] = [
  kubeconfig('admin.conf'),
  inPki('apiserver'),
  inPki('apiserver-etcd-client'),
  inPki('apiserver-kubelet-client'),
  kubeconfig('controller-manager.conf'),
  inPki('etcd-healthcheck-client', 'etcd/healthcheck-client'),
  inPki('etcd-peer', 'etcd/peer'),
  inPki('etcd-server', 'etcd/server'),
  inPki('front-proxy-client'),
  kubeconfig('scheduler.conf'),
  kubeconfig('super-admin.conf'),
];

/** The client certificate that the kubelet rotates by itself. */
export const KUBELET_LEAF = 'kubelet';
/** The same within kubelet.conf, where `kubeadm init` put it, until that file names the rotated one. */
export const KUBELET_CONF_LEAF = 'kubelet.conf';
/** The kubelet signs this one itself, at a start that finds none, and never again. */
export const KUBELET_SERVING_LEAF = 'kubelet-serving';

const KUBELET_LEAVES: readonly LeafFile[] = [
  { name: KUBELET_LEAF, path: KUBELET_CERTIFICATE_FILE, form: 'pem' },
  { name: KUBELET_CONF_LEAF, path: KUBELET_CONF_FILE, form: 'kubeconfig' },
  {
    name: KUBELET_SERVING_LEAF,
    path: `${KUBELET_PKI_FOLDER}/kubelet.crt`,
    keyPath: `${KUBELET_PKI_FOLDER}/kubelet.key`,
    form: 'pem',
  },
  // Only with serverTLSBootstrap, and rotated by the kubelet.
  { name: 'kubelet-server', path: `${KUBELET_PKI_FOLDER}/kubelet-server-current.pem`, form: 'pem' },
];

/**
 * Every leaf that may stand on a host. Those of civitas itself are in none of them: they are made anew,
 * in memory, at each start of a process, and end in 2199.
 */
export const LEAF_FILES: readonly LeafFile[] = [...KUBEADM_LEAVES, ...KUBELET_LEAVES];

export function isKubeadmLeaf(name: string): boolean {
  return KUBEADM_LEAVES.some((leaf) => leaf.name === name);
}

function inPki(name: string, base = name): LeafFile {
  const path = `${PKI_FOLDER}/${base}`;
  return { name, path: `${path}.crt`, keyPath: `${path}.key`, form: 'pem' };
}

function kubeconfig(name: string): LeafFile {
  return { name, path: `${KUBERNETES_FOLDER}/${name}`, form: 'kubeconfig' };
}
