import {
  CLUSTER_CA_FILE,
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
  /** Where the certificate stands by which kubeadm signs it. */
  readonly authorityPath?: string;
}

/** What `kubeadm certs renew all` makes anew; the order is kubeadm's. */
const KUBEADM_LEAVES: readonly LeafFile[] = [
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

/** Those by which a control plane proves its address to other machines. */
export const ADDRESSED_LEAVES = KUBEADM_LEAVES.filter(({ name }) =>
  ['apiserver', 'etcd-peer', 'etcd-server'].includes(name),
);

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
 * Every leaf of Kubernetes that may stand on a host. Those of civitas itself hold as long as their
 * authority, until 2199: agents make theirs anew, in memory, at each start, a replica of the log has one
 * in its folder that is made anew where it is not as it should be.
 */
export const LEAF_FILES: readonly LeafFile[] = [...KUBEADM_LEAVES, ...KUBELET_LEAVES];

/** Files of the leaves of kubeadm with these names: each key before its certificate. */
export function leafPaths(names: readonly string[]): readonly string[] {
  const leaves = KUBEADM_LEAVES.filter(({ name }) => names.includes(name));
  return leaves.flatMap(({ path, keyPath }) => (keyPath ? [keyPath, path] : [path]));
}

export function isKubeadmLeaf(name: string): boolean {
  return KUBEADM_LEAVES.some((leaf) => leaf.name === name);
}

function inPki(name: string, base = name): LeafFile {
  const path = `${PKI_FOLDER}/${base}`;
  const authorityPath = `${PKI_FOLDER}/${authorityOf(name)}.crt`;
  return { name, path: `${path}.crt`, keyPath: `${path}.key`, form: 'pem', authorityPath };
}

function kubeconfig(name: string): LeafFile {
  const path = `${KUBERNETES_FOLDER}/${name}`;
  return { name, path, form: 'kubeconfig', authorityPath: CLUSTER_CA_FILE };
}

function authorityOf(name: string): string {
  if (name === 'front-proxy-client') return 'front-proxy-ca';
  return name.includes('etcd') ? 'etcd/ca' : 'ca';
}
