import { type Component, manifestPath } from './paths.ts';
import { readFile } from './simulated-disk.ts';
import type { SimulatedHost } from './simulated-host.ts';

/** etcd that each minor of Kubernetes brings (SupportedEtcdVersion in kubeadm's constants). */
const ETCD_TAGS: readonly (readonly [fromMinor: number, tag: string])[] = [
  [34, '3.6.5-0'],
  [31, '3.5.24-0'],
  [0, '3.5.15-0'],
];

/** `1.34.4` of `v1.34.4` is minor 34. */
export function minorOf(version: string): number {
  return Number(version.match(/^v?1\.(\d+)/)?.[1] ?? 0);
}

/** The image that kubeadm writes into a manifest. */
export function imageOf(component: Component, kubernetesVersion: string): string {
  if (component !== 'etcd') return `registry.k8s.io/${component}:${kubernetesVersion}`;
  const minor = minorOf(kubernetesVersion);
  const tag = ETCD_TAGS.find(([fromMinor]) => minor >= fromMinor)?.[1];
  return `registry.k8s.io/etcd:${tag}`;
}

/** The image in a static pod's manifest. */
export function imageIn(manifest: string | undefined): string {
  return manifest?.match(/^\s+image: (\S+)$/m)?.[1] ?? '';
}

/** Version of the etcd whose manifest stands on this host. */
export function etcdVersionOf({ disk }: SimulatedHost): string {
  return imageIn(readFile(disk, manifestPath('etcd'))).match(/:(\d+\.\d+\.\d+)/)?.[1] ?? '';
}
