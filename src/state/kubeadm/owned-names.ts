import type { PatchedDocument } from './owned-fields.ts';

/** All that kubeadm's etcd is told of who and where it is, and what makes it forget or lie. */
const ETCD = [
  'advertise-client-urls',
  'cert-file',
  'client-cert-auth',
  'config-file',
  'data-dir',
  'force-new-cluster',
  'initial-advertise-peer-urls',
  'initial-cluster',
  'initial-cluster-state',
  'initial-cluster-token',
  'key-file',
  'listen-client-urls',
  'listen-peer-urls',
  'name',
  'peer-cert-file',
  'peer-client-cert-auth',
  'peer-key-file',
  'peer-trusted-ca-file',
  'trusted-ca-file',
  'unsafe-no-fsync',
  'wal-dir',
];

const API_SERVER = [
  'advertise-address',
  // The load balancers ask `/readyz` without credentials.
  'anonymous-auth',
  'bind-address',
  'client-ca-file',
  'enable-bootstrap-token-auth',
  'encryption-provider-config',
  'etcd-cafile',
  'etcd-certfile',
  'etcd-keyfile',
  'etcd-prefix',
  'etcd-servers',
  'etcd-servers-overrides',
  'kubelet-client-certificate',
  'kubelet-client-key',
  'proxy-client-cert-file',
  'proxy-client-key-file',
  'requestheader-client-ca-file',
  'secure-port',
  'service-account-key-file',
  'service-account-signing-key-file',
  'service-cluster-ip-range',
  'tls-cert-file',
  'tls-private-key-file',
];

/** Where both are asked whether they are well, and by which files they reach the API. */
const EITHER = [
  'authentication-kubeconfig',
  'authorization-kubeconfig',
  'kubeconfig',
  'leader-elect',
  'secure-port',
];

/** `node-cidr-mask-size`: the pod subnet is judged by a /24 for each node. */
const CONTROLLER_MANAGER = [
  ...EITHER,
  'allocate-node-cidrs',
  'client-ca-file',
  'cluster-cidr',
  'cluster-name',
  'cluster-signing-cert-file',
  'cluster-signing-key-file',
  'node-cidr-mask-size',
  'node-cidr-mask-size-ipv4',
  'requestheader-client-ca-file',
  'root-ca-file',
  'service-account-private-key-file',
  'service-cluster-ip-range',
];

/**
 * Lists that patches add to, by path, with the names in them that are civitas' or kubeadm's alone. No
 * patch takes such a list away.
 */
export const OWNED_NAMES: Readonly<
  Record<PatchedDocument, Readonly<Record<string, readonly string[]>>>
> = {
  clusterConfiguration: {
    'apiServer.certSANs': [],
    'apiServer.extraArgs': API_SERVER,
    'apiServer.extraVolumes': ['audit-log', 'audit-policy', 'encryption'],
    'controllerManager.extraArgs': CONTROLLER_MANAGER,
    'scheduler.extraArgs': EITHER,
    'etcd.local.extraArgs': ETCD,
  },
  kubeletConfiguration: {},
  kubeProxyConfiguration: {},
};
