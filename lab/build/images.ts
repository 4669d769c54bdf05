import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { host } from '../host.ts';
import { LabError } from '../lab-error.ts';
import { artefactPath, corednsModules, etcdSources, kubernetesVersions } from '../settings.ts';
import { corednsFolder, etcdFolder, kubernetesFolder, podFolder } from './go-programs.ts';
import type { Image, Layer } from './oci-layout.ts';
import { userland } from './userland.ts';

const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'];

/** The test workload's image; see lab/go/pod/web. */
export const webImage = 'lab.local/web:1';

/** Names of the images that this version's kubeadm wants, asked of it. */
export async function wantedImages(version: string): Promise<readonly string[]> {
  const kubeadm = join(artefactPath(kubernetesFolder(version)), 'kubeadm');
  const list = ['config', 'images', 'list', `--kubernetes-version=v${version}`];
  return (await host(kubeadm, list)).split('\n');
}

/** Every image of the lab. `scratch` is a folder for what layers are gathered in. */
export async function labImages(scratch: string): Promise<readonly Image[]> {
  const shared = { pod: { root: artefactPath(podFolder) }, proxyTools: await proxyTools() };
  const images = new Map<string, Image>();
  for (const version of kubernetesVersions) {
    const kubernetes = await kubernetesLayer(version, scratch);
    for (const name of await wantedImages(version)) {
      // Patches of one minor share etcd, CoreDNS and pause.
      if (images.has(name)) continue;
      images.set(name, await pack(name, { ...shared, kubernetes }, scratch));
    }
  }
  const web = { name: webImage, layers: [shared.pod], entrypoint: ['/web'] };
  return [...images.values(), web];
}

type Layers = { readonly pod: Layer; readonly proxyTools: Layer; readonly kubernetes: Layer };

async function pack(name: string, from: Layers, scratch: string): Promise<Image> {
  const [, program = '', tag = ''] = /([^/]+):([^:]+)$/.exec(name) ?? [];
  const inPath = `/usr/local/bin/${program}`;
  switch (program) {
    case 'pause':
      return { name, layers: [from.pod], entrypoint: ['/pause'] };
    case 'coredns':
      return { name, layers: [corednsLayer(tag)], entrypoint: ['/coredns'] };
    case 'etcd':
      return { name, layers: [await etcdLayer(tag, scratch)], entrypoint: [inPath] };
    case 'kube-proxy':
      return { name, layers: [from.proxyTools, from.kubernetes], entrypoint: [inPath] };
    default:
      return { name, layers: [from.kubernetes], entrypoint: [inPath] };
  }
}

// kube-proxy calls nft in its nftables mode and iptables in the other. Without /etc/protocols nft tells
// protocols by number: kube-proxy takes what it made before its restart for another's and deletes it.
async function proxyTools(): Promise<Layer> {
  const programs = ['/usr/sbin/nft', '/usr/sbin/iptables', '/usr/sbin/ip6tables'];
  return userland(artefactPath('rootfs'), programs, ['usr/lib/*/xtables/*.so', 'etc/protocols']);
}

async function kubernetesLayer(version: string, scratch: string): Promise<Layer> {
  const layer = await layerInPath(kubernetesFolder(version), scratch);
  await mkdir(join(layer.root, 'tmp'));
  for (const component of COMPONENTS) {
    await symlink('hyperkube', join(layer.root, 'usr/local/bin', component));
  }
  return layer;
}

async function etcdLayer(tag: string, scratch: string): Promise<Layer> {
  const version = tag.replace(/-\d+$/, '');
  if (version in etcdSources) return layerInPath(etcdFolder(version), scratch);
  throw new LabError(`kubeadm wants etcd ${version}, which is not built: add it to etcdSources`);
}

// kubeadm's manifests start every program by its bare name.
async function layerInPath(artefact: string, scratch: string): Promise<Layer> {
  const root = join(scratch, artefact);
  await mkdir(join(root, 'usr/local'), { recursive: true });
  await host('cp', ['--archive', '--link', artefactPath(artefact), join(root, 'usr/local/bin')]);
  return { root };
}

function corednsLayer(tag: string): Layer {
  const version = tag.replace(/^v/, '');
  if (version in corednsModules) return { root: artefactPath(corednsFolder(version)) };
  throw new LabError(
    `kubeadm wants CoreDNS ${version}, which is not built: add it to corednsModules`,
  );
}
