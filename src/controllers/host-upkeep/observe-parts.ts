import type { Ports } from '../../ports/index.ts';
import type { KubeNode } from '../../ports/kube.ts';
import { MANIFESTS_FOLDER, PARKED_FOLDER } from '../../state/kubernetes-paths.ts';
import { imageOfManifest, versionOfImage } from '../../state/static-pod-image.ts';
import { NO_PARTS } from '../../state/upkeep.ts';
import { answered } from './answer.ts';
import type { Parts } from './observed.ts';

/** Images of the static pods by component, as the manifests on this host name them. */
export type ManifestImages = ReadonlyMap<string, string | undefined>;

const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

export async function manifestImages({ files }: Pick<Ports, 'files'>): Promise<ManifestImages> {
  const images = await Promise.all(
    COMPONENTS.map(async (name) => {
      const manifest = await files.read(`${MANIFESTS_FOLDER}/${name}.yaml`);
      return [name, imageOfManifest(manifest ?? '')] as const;
    }),
  );
  return new Map(images);
}

/**
 * What this host runs, without a process: files, and what its own servers say. What none of them tells
 * is as it was `before`.
 */
export async function observeParts(
  ports: Ports,
  node: KubeNode | undefined,
  images: ManifestImages,
  before: Parts = NO_PARTS,
): Promise<Parts> {
  const kubelet = node?.kubeletVersion ?? before.kubelet;
  const isParked = (await ports.files.list(PARKED_FOLDER)).length > 0;
  if (isParked) return { ...before, kubelet };
  if (images.get('kube-apiserver') === undefined) return { ...NO_PARTS, kubelet };
  const named = (name: string) => versionOfImage(images.get(name) ?? '') ?? null;
  const apiServer = await ports.kube.localApiServerVersion();
  const etcd = await answered(ports.etcd.ownStatus());
  return {
    kubelet,
    apiServer: apiServer ?? before.apiServer ?? named('kube-apiserver'),
    controllerManager: named('kube-controller-manager'),
    scheduler: named('kube-scheduler'),
    etcd: etcd?.version ?? before.etcd ?? named('etcd'),
    cluster: (await clusterVersion(ports)) ?? before.cluster,
  };
}

async function clusterVersion({ kube }: Ports): Promise<string | undefined> {
  const configMap = await answered(kube.configMap('kubeadm-config'));
  const configuration = configMap?.data['ClusterConfiguration'] ?? '';
  return /^kubernetesVersion:\s*["']?([^\s"']+)/m.exec(configuration)?.[1];
}
