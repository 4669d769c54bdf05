import { putFile, readFile } from './simulated-disk.ts';
import type { SimulatedHost } from './simulated-host.ts';

/** Where versions lie beside each other, and where the one in use is linked. */
const VERSIONS = '/opt/civitas/kubernetes';
const LINK = '/usr/local/bin/kubelet';

/** Of a host of which nothing else was said. */
export const DEFAULT_VERSIONS: readonly string[] = ['v1.34.4'];

/** Versions of kubeadm, kubelet and kubectl on this host: those it came with, and those put there. */
export function kubernetesVersions({ spec, disk }: SimulatedHost): readonly string[] {
  const added = [...disk.files.keys()].flatMap((path) => {
    const version = path.match(/^\/opt\/civitas\/kubernetes\/(\d+\.\d+\.\d+)\/kubeadm$/)?.[1];
    return version === undefined ? [] : [`v${version}`];
  });
  return [...new Set([...(spec.kubernetesVersions ?? DEFAULT_VERSIONS), ...added])];
}

/** The version that `kubelet` and `kubeadm` on PATH are. */
export function linkedVersion(host: SimulatedHost): string {
  const version = readFile(host.disk, LINK)?.match(/(\d+\.\d+\.\d+)/)?.[1];
  return version === undefined ? (kubernetesVersions(host)[0] ?? 'v0.0.0') : `v${version}`;
}

/** The version of a program's path, or the one that PATH leads to; undefined where it does not lie. */
export function kubernetesAt(host: SimulatedHost, path: string): string | undefined {
  const named = path.match(/\/v?(\d+\.\d+\.\d+)\//)?.[1];
  const version = named === undefined ? linkedVersion(host) : `v${named}`;
  return kubernetesVersions(host).includes(version) ? version : undefined;
}

/** A link is written here as a file that names its target. */
export function linkVersion(host: SimulatedHost, version: string, nowMs: number): void {
  const content = `${VERSIONS}/${version.replace('v', '')}/kubelet`;
  putFile(host.disk, LINK, { content, mode: 0o755, nowMs, synced: true });
}
