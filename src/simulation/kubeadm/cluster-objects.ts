import { randomHex } from '../seeded-random.ts';
import { POLL } from '../timings.ts';
import { splitToken } from '../tokens.ts';
import { adminApi, timeoutsOf } from './api-calls.ts';
import { timeoutMs } from './configuration.ts';
import { KubeadmFailure } from './failure.ts';
import { type KubeadmRun, poll, say } from './run.ts';

/** `init phase upload-config`: what those who join will read. */
export async function uploadConfiguration(run: KubeadmRun): Promise<void> {
  const cluster = await adminApi(
    run,
    'could not bootstrap the admin user in file admin.conf: unable to create ClusterRoleBinding',
  );
  const { cluster: given, kubelet } = run.configuration;
  cluster.configuration = {
    kubernetesVersion: given.kubernetesVersion ?? run.kubeadmVersion,
    controlPlaneEndpoint: given.controlPlaneEndpoint,
    podSubnet: given.networking.podSubnet,
    apiServerArgs: given.apiServer.extraArgs,
    controllerManagerArgs: given.controllerManager.extraArgs,
    featureGates: given.featureGates,
    failSwapOn: kubelet.failSwapOn,
  };
  say(run, '[upload-config] Storing the configuration used in ConfigMap "kubeadm-config"');
}

/**
 * `mark-control-plane`: the label, and a taint that the simulation has no pods for. Waits for the
 * Node, which a kubelet registers a moment after it got its certificate.
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
  node.controlPlane = true;
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
  say(run, `[addons] Applied essential addon: ${addon}`);
}

function madeUp({ world }: KubeadmRun): string {
  return `${randomHex(world.random, 6)}.${randomHex(world.random, 16)}`;
}
