import { AUDIT_LOG_FOLDER, AUDIT_POLICY_FILE, ENCRYPTION_FILE } from '../kubernetes-paths.ts';
import { LOCAL_API_ENDPOINT } from '../local-api-endpoint.ts';
import type { Fields, KubeadmDialect } from './kubeadm-dialect.ts';
import type { KubeadmInput } from './kubeadm-input.ts';

/** Names under which a node reaches its own API server or load balancer. */
const LOCAL_NAMES = ['127.0.0.1', '::1', 'localhost'];

/**
 * CIS Kubernetes Benchmark 1.2 to 1.4, where kubeadm's defaults fall short: profiling off, audit
 * log, encryption at rest. kubeadm itself binds the metrics of etcd, controller manager and
 * scheduler to loopback. Anonymous requests stay allowed: `/readyz` is asked without credentials.
 */
const API_SERVER_ARGS = {
  profiling: 'false',
  'tls-min-version': 'VersionTLS12',
  'audit-policy-file': AUDIT_POLICY_FILE,
  'audit-log-path': `${AUDIT_LOG_FOLDER}/audit.log`,
  'audit-log-maxage': '30',
  'audit-log-maxbackup': '10',
  'audit-log-maxsize': '100',
  'encryption-provider-config': ENCRYPTION_FILE,
};

/**
 * An API server that is told to end says so by `/readyz` at once and serves on until every load balancer
 * (a check each second, two that fail) has turned away. It then ends within five seconds; without, one
 * watch of a client that stays keeps it for the thirty that the kubelet gives it (seen with 1.33 and 1.34).
 */
const GRACEFUL_END = { 'shutdown-delay-duration': '3s', 'shutdown-send-retry-after': 'true' };

const API_SERVER_VOLUMES = [
  readOnlyFile('audit-policy', AUDIT_POLICY_FILE),
  readOnlyFile('encryption', ENCRYPTION_FILE),
  {
    name: 'audit-log',
    hostPath: AUDIT_LOG_FOLDER,
    mountPath: AUDIT_LOG_FOLDER,
    pathType: 'DirectoryOrCreate',
  },
];

/** What no two nodes of a cluster have different. */
type ClusterInput = Pick<KubeadmInput, 'kubernetesVersion' | 'clusterId' | 'spec' | 'knownNames'>;

/** What the whole cluster shares; `kubeadm init` stores it for those who join. */
export function clusterConfiguration(dialect: KubeadmDialect, input: ClusterInput): Fields {
  const { kubernetesVersion, clusterId, spec, knownNames } = input;
  const { minor, patch } = kubernetesVersion;
  return {
    apiVersion: dialect.apiVersion,
    kind: 'ClusterConfiguration',
    kubernetesVersion: `v1.${minor}.${patch}`,
    clusterName: `civitas-${clusterId.slice(0, 8)}`,
    controlPlaneEndpoint: LOCAL_API_ENDPOINT,
    networking: {
      podSubnet: spec.network.podSubnet,
      serviceSubnet: spec.network.serviceSubnet,
    },
    apiServer: {
      certSANs: [...new Set([...LOCAL_NAMES, ...knownNames])],
      extraArgs: dialect.extraArgs({ ...API_SERVER_ARGS, ...GRACEFUL_END }),
      extraVolumes: API_SERVER_VOLUMES,
    },
    controllerManager: { extraArgs: dialect.extraArgs({ profiling: 'false' }) },
    scheduler: { extraArgs: dialect.extraArgs({ profiling: 'false' }) },
  };
}

function readOnlyFile(name: string, path: string) {
  return { name, hostPath: path, mountPath: path, readOnly: true, pathType: 'File' };
}
