const PKI = [
  'apiserver-etcd-client.crt',
  'apiserver-etcd-client.key',
  'apiserver-kubelet-client.crt',
  'apiserver-kubelet-client.key',
  'apiserver.crt',
  'apiserver.key',
  'ca.crt',
  'ca.key',
  'etcd',
  'front-proxy-ca.crt',
  'front-proxy-ca.key',
  'front-proxy-client.crt',
  'front-proxy-client.key',
  'sa.key',
  'sa.pub',
];

const MANIFESTS = [
  'etcd.yaml',
  'kube-apiserver.yaml',
  'kube-controller-manager.yaml',
  'kube-scheduler.yaml',
];

/** The facts that all control planes share. */
export const CONTROL_PLANE = {
  '/etc/kubernetes': [
    'admin.conf',
    'controller-manager.conf',
    'kubelet.conf',
    'manifests',
    'pki',
    'scheduler.conf',
  ],
  '/etc/kubernetes/manifests': MANIFESTS,
  '/etc/kubernetes/pki': PKI,
  kubelet: true,
  apiServer: true,
};

/** A Ready node, but for its name, role and address. */
export const NODE = { uid: 'string', ready: true, kubeletVersion: 'v1.34.4', podCidr: 'string' };
