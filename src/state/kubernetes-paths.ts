/** Where kubeadm and civitas keep a node's files. kubeadm's own names are those of its constants package. */
export const KUBERNETES_FOLDER = '/etc/kubernetes';
export const MANIFESTS_FOLDER = `${KUBERNETES_FOLDER}/manifests`;
export const PKI_FOLDER = `${KUBERNETES_FOLDER}/pki`;
export const ETCD_FOLDER = '/var/lib/etcd';
/** Where credentials and manifests of a kubelet wait after a boot: no kubelet looks there. */
export const PARKED_FOLDER = `${KUBERNETES_FOLDER}/civitas-parked`;
/** Snapshots of etcd, each of which holds all that the cluster keeps secret. */
export const SNAPSHOTS_FOLDER = '/var/lib/civitas/etcd-snapshots';

/** Manifests of the release that an upgrade brings, and the configuration they are made from. */
export const UPGRADE_FOLDER = `${KUBERNETES_FOLDER}/civitas-upgrade`;
/** Files as they stood before an upgrade began on this host. */
export const ROLLBACK_FOLDER = '/var/lib/civitas/rollback';

export const KUBELET_CONF_FILE = `${KUBERNETES_FOLDER}/kubelet.conf`;
/** The kubelet's token, until it has a certificate; kubeadm removes it right after. */
export const BOOTSTRAP_KUBELET_CONF_FILE = `${KUBERNETES_FOLDER}/bootstrap-kubelet.conf`;
const KUBELET_FOLDER = '/var/lib/kubelet';
/** A folder for each pod that it runs, by uid. */
export const KUBELET_PODS_FOLDER = `${KUBELET_FOLDER}/pods`;
export const KUBELET_PKI_FOLDER = `${KUBELET_FOLDER}/pki`;
export const KUBELET_CONFIG_FILE = `${KUBELET_FOLDER}/config.yaml`;
/** What kubeadm adds to the former for this host alone, since 1.32. */
export const KUBELET_INSTANCE_FILE = `${KUBELET_FOLDER}/instance-config.yaml`;
export const KUBELET_FLAGS_FILE = `${KUBELET_FOLDER}/kubeadm-flags.env`;
/** A link that the kubelet sets anew at each rotation. */
export const KUBELET_CERTIFICATE_FILE = `${KUBELET_PKI_FOLDER}/kubelet-client-current.pem`;

/**
 * All that kubeadm, and the kubelet for it, write without fsync. Not all of the kubelet's folder: volumes
 * of pods are in it.
 */
export const SMALL_UNSYNCED_PATHS: readonly string[] = [
  KUBERNETES_FOLDER,
  KUBELET_CONFIG_FILE,
  KUBELET_INSTANCE_FILE,
  KUBELET_FLAGS_FILE,
  KUBELET_PKI_FOLDER,
];

/** With etcd's data, which etcd syncs itself but for the name of its folder. */
export const UNSYNCED_PATHS: readonly string[] = [...SMALL_UNSYNCED_PATHS, ETCD_FOLDER];

export const CLUSTER_CA_FILE = `${PKI_FOLDER}/ca.crt`;

/** Gone with each boot: there once the first start of the agent since then is over. */
export const STARTED_FILE = '/run/civitas/started';

/** Says whose Kubernetes this host carries; see host-marker.ts. */
export const MARKER_FILE = `${KUBERNETES_FOLDER}/civitas.json`;
/** Configuration of the `kubeadm` that runs; holds the bootstrap token, so it goes once that ended. */
export const KUBEADM_CONFIG_FILE = `${KUBERNETES_FOLDER}/civitas-kubeadm.yaml`;
/** What kubeadm makes the leaves of a control plane from that has another address; goes once they are in use. */
export const LEAVES_CONFIG_FILE = `${KUBERNETES_FOLDER}/civitas-leaves.yaml`;
/** kubeconfig with the cluster's CA and no credentials, for `discovery.file`. */
export const DISCOVERY_FILE = `${KUBERNETES_FOLDER}/civitas-discovery.conf`;

export const ENCRYPTION_FILE = `${KUBERNETES_FOLDER}/encryption.yaml`;
export const AUDIT_POLICY_FILE = `${KUBERNETES_FOLDER}/audit-policy.yaml`;
export const AUDIT_LOG_FOLDER = '/var/log/kubernetes/audit';

interface SharedFile {
  readonly path: string;
  readonly mode: number;
}

/**
 * What every control plane has alike and a joining one gets from its sponsor: kubeadm's own list
 * (`upload-certs`) and the two files that kubeadm does not know of.
 */
export const SHARED_FILES: readonly SharedFile[] = [
  { path: CLUSTER_CA_FILE, mode: 0o644 },
  { path: `${PKI_FOLDER}/ca.key`, mode: 0o600 },
  { path: `${PKI_FOLDER}/sa.pub`, mode: 0o600 },
  { path: `${PKI_FOLDER}/sa.key`, mode: 0o600 },
  { path: `${PKI_FOLDER}/front-proxy-ca.crt`, mode: 0o644 },
  { path: `${PKI_FOLDER}/front-proxy-ca.key`, mode: 0o600 },
  { path: `${PKI_FOLDER}/etcd/ca.crt`, mode: 0o644 },
  { path: `${PKI_FOLDER}/etcd/ca.key`, mode: 0o600 },
  { path: ENCRYPTION_FILE, mode: 0o600 },
  { path: AUDIT_POLICY_FILE, mode: 0o600 },
];
