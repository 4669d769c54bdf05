import { RetryableError } from '../../errors.ts';
import type { HostFiles } from '../../ports/host-files.ts';
import type { Ports } from '../../ports/index.ts';
import { STATIC_PODS } from '../../state/host-residue.ts';
import { MANIFESTS_FOLDER, UPGRADE_FOLDER } from '../../state/kubernetes-paths.ts';
import { versionOfManifest } from '../../state/static-pod-image.ts';
import { RENDER_CONFIG_FILE } from './commands.ts';
import type { RenderSight } from './observed.ts';

const CRI_SOCKET = 'unix:///run/containerd/containerd.sock';
const API_SERVER = 'kube-apiserver.yaml';
const SECRET = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Writes what makes kubeadm render the manifests of this host for a release. Rejects with RetryableError
 * `upkeep.no-configuration` when the cluster, or this host's API server, does not tell what it needs.
 */
export async function writeRenderConfig(
  version: string,
  { files, kube, self }: Ports,
): Promise<void> {
  const stored = (await kube.configMap('kubeadm-config'))?.data['ClusterConfiguration'] ?? '';
  const apiVersion = /^apiVersion:\s*(\S+)/m.exec(stored)?.[1];
  const manifest = (await files.read(`${MANIFESTS_FOLDER}/${API_SERVER}`)) ?? '';
  const address = /--advertise-address=(\S+)/.exec(manifest)?.[1];
  if (apiVersion === undefined || address === undefined) {
    const message = `the ConfigMap kubeadm-config or ${API_SERVER} of this host can not be read: see whether somebody changed it`;
    throw new RetryableError('upkeep.no-configuration', message);
  }
  const config = [
    `apiVersion: ${apiVersion}`,
    'kind: InitConfiguration',
    'localAPIEndpoint:',
    `  advertiseAddress: ${address}`,
    '  bindPort: 6443',
    'nodeRegistration:',
    `  criSocket: ${CRI_SOCKET}`,
    `  name: ${self.record.hostname}`,
    '---',
    stored.replace(/^kubernetesVersion:.*$/m, `kubernetesVersion: ${version}`),
  ];
  await files.makeFolder(UPGRADE_FOLDER, FOLDER_MODE);
  await files.write(RENDER_CONFIG_FILE, config.join('\n'), SECRET);
}

/** How the manifests in place differ from those that kubeadm rendered for the release. */
export async function compareManifests(
  files: HostFiles,
  kubernetesVersion: string,
): Promise<RenderSight['manifests']> {
  const pairs = await Promise.all(
    STATIC_PODS.map(async (name) => ({
      name,
      rendered: (await files.read(`${UPGRADE_FOLDER}/${name}`)) ?? '',
      present: await files.read(`${MANIFESTS_FOLDER}/${name}`),
    })),
  );
  const isWhole = pairs.every(({ name, rendered }) => {
    const version = versionOfManifest(rendered);
    return name === 'etcd.yaml' ? version !== undefined : version === kubernetesVersion;
  });
  if (!isWhole) return 'missing';
  return pairs.every(({ rendered, present }) => rendered === present) ? 'same' : 'different';
}

/** Safe to repeat at any point of it: at the end the kubelet starts whatever manifests are there. */
export async function swapStaticPods({ files, host }: Ports): Promise<void> {
  await host.stopStaticPods();
  for (const name of STATIC_PODS) {
    const rendered = await files.read(`${UPGRADE_FOLDER}/${name}`);
    if (rendered?.trim()) await files.write(`${MANIFESTS_FOLDER}/${name}`, rendered, SECRET);
  }
  await host.restartKubelet();
}
