import { parse, stringify } from 'yaml';
import { CLUSTER_CONFIGURATION, putConfigMap } from '../../config-maps.ts';
import { commit } from '../../etcd-cluster.ts';
import { readKubeconfig, writeKubeconfig } from '../../kubeconfig.ts';
import { KUBELET_CONF, KUBELET_CONFIG } from '../../paths.ts';
import { mirrorPodOf } from '../../rules/mirror-pods.ts';
import { randomHex } from '../../seeded-random.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';
import { readFile } from '../../simulated-disk.ts';
import { PHASE_TIMINGS } from '../../timings.ts';
import { adminApi } from '../api-calls.ts';
import { installAddon } from '../cluster-objects.ts';
import { localUrl } from '../kubeconfig-files.ts';
import { restartKubelet } from '../kubelet-start.ts';
import { type KubeadmRun, kubeletUsesLocalApi, leave, type Phase, say } from '../run.ts';
import { preflightApply, preflightNode } from './preflight.ts';
import { upgradeStaticPods } from './static-pods.ts';

const { apiCallMs, addonMs, manifestMs, preflightMs } = PHASE_TIMINGS;
const isControlPlane = ({ upgrade }: KubeadmRun) => upgrade?.controlPlane === true;

const COMMON: readonly Phase[] = [
  {
    name: 'kubeconfig',
    takesMs: manifestMs,
    appliesTo: isControlPlane,
    act: pointKubeletAtLocalApi,
  },
  { name: 'kubelet-config', takesMs: manifestMs, act: writeKubeletConfiguration },
];

const ADDONS: readonly Phase[] = (['coredns', 'kube-proxy'] as const).map((addon) => ({
  name: `addon/${addon}`,
  takesMs: addonMs,
  appliesTo: isControlPlane,
  act: (run) => upgradeAddon(run, addon),
}));

const LAST: Phase = { name: 'post-upgrade', takesMs: 0, act: () => {} };

/** The phases of `kubeadm upgrade apply VERSION`, as of 1.32. */
export const UPGRADE_APPLY_PHASES: readonly Phase[] = [
  { name: 'preflight', takesMs: preflightMs, act: preflightApply },
  { name: 'control-plane', takesMs: manifestMs, act: upgradeStaticPods },
  { name: 'upload-config/kubeadm', takesMs: apiCallMs, act: uploadVersion },
  { name: 'upload-config/kubelet', takesMs: apiCallMs, act: () => {} },
  ...COMMON,
  { name: 'bootstrap-token', takesMs: apiCallMs, act: () => {} },
  ...ADDONS,
  LAST,
];

/** The phases of `kubeadm upgrade node`, on a control plane or a worker. */
export const UPGRADE_NODE_PHASES: readonly Phase[] = [
  { name: 'preflight', takesMs: preflightMs, act: preflightNode },
  { name: 'control-plane', takesMs: manifestMs, appliesTo: isControlPlane, act: upgradeStaticPods },
  ...COMMON,
  ...ADDONS,
  LAST,
];

/** From here on the others upgrade to this version, and who joins takes it. */
async function uploadVersion(run: KubeadmRun): Promise<void> {
  const cluster = await adminApi(run, 'error uploading the kubeadm ClusterConfiguration');
  const stored = cluster.configMaps.get('kubeadm-config')?.data ?? {};
  const configuration: unknown = parse(stored[CLUSTER_CONFIGURATION] ?? '');
  const kubernetesVersion = run.upgrade?.targetVersion;
  const text = stringify({ ...Object(configuration), kubernetesVersion });
  putConfigMap(cluster, 'kubeadm-config', { ...stored, [CLUSTER_CONFIGURATION]: text });
  commit(cluster);
}

/** kubelet.conf of a control plane that named the load balancer names its own API server now. */
function pointKubeletAtLocalApi(run: KubeadmRun): void {
  const kubeconfig = readKubeconfig(readFile(run.host.disk, KUBELET_CONF));
  const endpoint = run.discovery?.cluster.controlPlaneEndpoint;
  if (!kubeconfig || !kubeletUsesLocalApi(run)) return;
  if (kubeconfig.server !== `https://${endpoint}`) return;
  leave(run, KUBELET_CONF, writeKubeconfig({ ...kubeconfig, server: localUrl(run) }), 0o600);
  restartKubelet(run);
}

function writeKubeletConfiguration(run: KubeadmRun): void {
  const { host, world } = run;
  const folder = `/etc/kubernetes/tmp/kubeadm-kubelet-config${randomHex(world.random, 8)}`;
  leave(run, `${folder}/config.yaml`, readFile(host.disk, KUBELET_CONFIG) ?? '', 0o644);
  leave(run, KUBELET_CONFIG, run.discovery?.cluster.kubeletConfiguration ?? '', 0o644);
  say(
    run,
    '[upgrade/kubelet-config] The kubelet configuration for this node was successfully upgraded!',
  );
}

/** Only the last control plane does it: as long as API servers differ, the add-ons stay. */
async function upgradeAddon(run: KubeadmRun, addon: 'coredns' | 'kube-proxy'): Promise<void> {
  const doing = 'failed to determine whether all the control plane instances have been upgraded';
  const cluster = await adminApi(run, doing);
  const behind = controlPlanesBehind(run, cluster);
  if (behind.length > 0) {
    say(
      run,
      `[upgrade/addon] Skipping upgrade of addons because control plane instances [${behind.join(' ')}] have not been upgraded`,
    );
    return;
  }
  await installAddon(run, addon);
}

function controlPlanesBehind(run: KubeadmRun, cluster: SimulatedCluster): readonly string[] {
  const imageOn = (node: string) => mirrorPodOf(cluster, 'kube-apiserver', node)?.images[0];
  const own = imageOn(run.nodeName);
  return [...cluster.nodes.keys()].filter((node) => {
    const image = imageOn(node);
    return image !== undefined && image !== own;
  });
}
