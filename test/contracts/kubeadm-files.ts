/** kubeadm configuration files as a careful person would write them by hand, for any host. */
export const CONFIG = '/etc/kubernetes/contract-kubeadm.yaml';
export const DISCOVERY = '/etc/kubernetes/contract-discovery.conf';
export const ENDPOINT = '127.0.0.1:7443';
export const SHARED_FILES = [
  '/etc/kubernetes/pki/ca.crt',
  '/etc/kubernetes/pki/ca.key',
  '/etc/kubernetes/pki/sa.key',
  '/etc/kubernetes/pki/sa.pub',
  '/etc/kubernetes/pki/front-proxy-ca.crt',
  '/etc/kubernetes/pki/front-proxy-ca.key',
  '/etc/kubernetes/pki/etcd/ca.crt',
  '/etc/kubernetes/pki/etcd/ca.key',
] as const;

export interface ConfigOptions {
  readonly name: string;
  readonly address: string;
  readonly kubernetesVersion: string;
  /** Documents for kubelet and kube-proxy that suit the machines. */
  readonly componentConfigs: string;
}

const TIMEOUTS =
  'timeouts: {controlPlaneComponentHealthCheck: 90s, kubeletHealthCheck: 60s, etcdAPICall: 60s, tlsBootstrap: 60s, discovery: 30s, kubernetesAPICall: 20s}';

export function initConfig(options: ConfigOptions): string {
  const { name, address, kubernetesVersion, componentConfigs } = options;
  return `apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
bootstrapTokens: [{ttl: 1s, description: not for use, groups: ['system:bootstrappers:kubeadm:default-node-token']}]
localAPIEndpoint: {advertiseAddress: ${address}, bindPort: 6443}
${registration(name, address)}
${TIMEOUTS}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: ${kubernetesVersion}
controlPlaneEndpoint: ${ENDPOINT}
networking: {podSubnet: 10.244.0.0/16, serviceSubnet: 10.96.0.0/16}
apiServer: {certSANs: [127.0.0.1]}
controllerManager: {extraArgs: [{name: node-monitor-grace-period, value: 20s}]}
---
${componentConfigs}`;
}

/** What an ordinary machine needs. */
export const ORDINARY_CONFIGS = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failSwapOn: true
`;

export function joinConfig(
  { name, address }: Pick<ConfigOptions, 'name' | 'address'>,
  { role, token }: { readonly role: 'control-plane' | 'worker'; readonly token: string },
): string {
  const controlPlane =
    role === 'control-plane'
      ? `controlPlane: {localAPIEndpoint: {advertiseAddress: ${address}, bindPort: 6443}}\n`
      : '';
  return `apiVersion: kubeadm.k8s.io/v1beta4
kind: JoinConfiguration
discovery: {file: {kubeConfigPath: ${DISCOVERY}}, tlsBootstrapToken: ${token}}
${controlPlane}${registration(name, address)}
${TIMEOUTS}
`;
}

/** Where the cluster is and whom to trust there; without credentials. */
export function discoveryFile(certificateAuthority: string): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: ''
  cluster:
    server: https://${ENDPOINT}
    certificate-authority-data: ${btoa(certificateAuthority)}
contexts: []
current-context: ''
users: []
`;
}

function registration(name: string, address: string): string {
  return `nodeRegistration:
  name: ${name}
  criSocket: unix:///run/containerd/containerd.sock
  kubeletExtraArgs: [{name: node-ip, value: ${address}}]
  ignorePreflightErrors: [SystemVerification]`;
}
