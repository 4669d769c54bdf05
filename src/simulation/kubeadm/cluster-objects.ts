import { stringify } from 'yaml';
import type { KubeTaint } from '../../ports/kube-objects.ts';
import { CLUSTER_CONFIGURATION, KUBELET_CONFIGURATION, putConfigMap } from '../config-maps.ts';
import { commit } from '../etcd-cluster.ts';
import { CONTROL_PLANE, labelNode } from '../node-labels.ts';
import { randomHex } from '../seeded-random.ts';
import { POLL } from '../timings.ts';
import { splitToken } from '../tokens.ts';
import { completeWorkload, type WorkloadSpec, workloadKey } from '../workloads/workload.ts';
import { adminApi, timeoutsOf } from './api-calls.ts';
import { timeoutMs } from './configuration.ts';
import { KubeadmFailure } from './failure.ts';
import { kubeletConfigurationText } from './kubelet-configuration.ts';
import { type KubeadmRun, poll, say } from './run.ts';

const KUBEADM = 'kubeadm.k8s.io/v1beta4';
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';
const TAINT: KubeTaint = { key: CONTROL_PLANE, value: '', effect: 'NoSchedule' };

const ADDONS: Readonly<Record<'coredns' | 'kube-proxy', WorkloadSpec>> = {
  coredns: {
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'coredns',
    replicas: 2,
    labels: { 'k8s-app': 'kube-dns' },
    toleratesControlPlane: true,
  },
  'kube-proxy': {
    kind: 'DaemonSet',
    namespace: 'kube-system',
    name: 'kube-proxy',
    labels: { 'k8s-app': 'kube-proxy' },
  },
};

/** `init phase upload-config`: what those who join will read. */
export async function uploadConfiguration(run: KubeadmRun): Promise<void> {
  const cluster = await adminApi(
    run,
    'could not bootstrap the admin user in file admin.conf: unable to create ClusterRoleBinding',
  );
  const { documents, cluster: given } = run.configuration;
  const kubernetesVersion = given.kubernetesVersion ?? run.kubeadmVersion;
  const configuration = {
    ...headed(documents, 'ClusterConfiguration', KUBEADM),
    kubernetesVersion,
  };
  putConfigMap(cluster, 'kubeadm-config', { [CLUSTER_CONFIGURATION]: stringify(configuration) });
  say(run, '[upload-config] Storing the configuration used in ConfigMap "kubeadm-config"');
  putConfigMap(cluster, 'kubelet-config', {
    [KUBELET_CONFIGURATION]: kubeletConfigurationText(documents),
  });
  commit(cluster);
}

/** The document of that kind, or what stands in it when it was not given. */
function headed(documents: KubeadmRun['configuration']['documents'], kind: string, group: string) {
  const given = documents.get(kind);
  return { apiVersion: group, kind, ...(typeof given === 'object' ? given : {}) };
}

/** CoreDNS has versions of its own; what matters is that they follow Kubernetes'. */
const ADDON_IMAGES = {
  coredns: 'registry.k8s.io/coredns/coredns:for-',
  'kube-proxy': 'registry.k8s.io/kube-proxy:',
} as const;

/**
 * `mark-control-plane`: labels and a taint. Waits for the Node, which a kubelet registers a moment
 * after it got its certificate.
 */
export async function markControlPlane(run: KubeadmRun): Promise<void> {
  const cluster = await adminApi(run, 'error applying control-plane label and taints');
  const timeout = timeoutMs(timeoutsOf(run).kubernetesAPICall);
  const limits = { everyMs: POLL.apiCallMs, timeoutMs: timeout };
  await poll(run, limits, () => cluster.nodes.has(run.nodeName));
  const node = cluster.nodes.get(run.nodeName);
  if (!node) {
    throw new KubeadmFailure(
      `error applying control-plane label and taints: nodes "${run.nodeName}" not found`,
    );
  }
  labelNode(node, { [CONTROL_PLANE]: '', [EXCLUDED]: '' });
  const registration = (run.configuration.join ?? run.configuration.init).nodeRegistration;
  const untainted = node.taints.filter(({ key }) => key !== CONTROL_PLANE);
  node.taints = [...untainted, ...(registration.taints ?? [TAINT])];
  commit(cluster);
  say(run, `[mark-control-plane] Marking the node ${run.nodeName} as control-plane`);
}

/** `init phase bootstrap-token`: the tokens of the configuration, or one of kubeadm's own making. */
export async function createTokens(run: KubeadmRun): Promise<void> {
  const cluster = await adminApi(run, 'error updating or creating token');
  for (const { token = madeUp(run), ttl, description = '' } of run.configuration.init
    .bootstrapTokens) {
    const parts = splitToken(token);
    if (!parts)
      throw new KubeadmFailure(
        'the bootstrap token was not of the form "[a-z0-9]{6}.[a-z0-9]{16}"',
      );
    const expiresWallMs = run.world.clock.wallMs() + timeoutMs(ttl);
    cluster.tokens.set(parts.id, { ...parts, expiresWallMs, description });
  }
  say(run, '[bootstrap-token] Configuring bootstrap tokens, cluster-info ConfigMap, RBAC Roles');
}

/** `init phase addon/coredns` and `addon/kube-proxy`. */
export async function installAddon(
  run: KubeadmRun,
  addon: 'coredns' | 'kube-proxy',
): Promise<void> {
  const cluster = await adminApi(run, `error when creating ${addon} service account`);
  cluster.addons.add(addon);
  const image = `${ADDON_IMAGES[addon]}${run.discovery?.cluster.kubernetesVersion ?? run.kubeadmVersion}`;
  const workload = completeWorkload({ ...ADDONS[addon], image });
  cluster.workloads.set(workloadKey(workload), workload);
  if (addon === 'kube-proxy' && !cluster.configMaps.has('kube-proxy')) {
    const group = 'kubeproxy.config.k8s.io/v1alpha1';
    const config = headed(run.configuration.documents, 'KubeProxyConfiguration', group);
    putConfigMap(cluster, 'kube-proxy', { 'config.conf': stringify(config) });
  }
  commit(cluster);
  say(run, `[addons] Applied essential addon: ${addon}`);
}

function madeUp({ world }: KubeadmRun): string {
  return `${randomHex(world.random, 6)}.${randomHex(world.random, 16)}`;
}
