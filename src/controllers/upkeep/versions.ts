import { isNewerRelease } from '../../state/kubernetes-version.ts';
import { NO_PARTS } from '../../state/upkeep.ts';
import type { UpkeptNode } from './upkept-nodes.ts';

type Versions = readonly (string | null)[];

/** What of a node has to be of one release, its kubelet left out. */
export function controlPlaneVersions({ upkeep }: Pick<UpkeptNode, 'upkeep'>): Versions {
  const { apiServer, controllerManager, scheduler } = upkeep?.parts ?? NO_PARTS;
  return [apiServer, controllerManager, scheduler];
}

export function kubeletVersion({ upkeep }: Pick<UpkeptNode, 'upkeep'>): string | null {
  return upkeep?.parts.kubelet ?? null;
}

/** All that has to be of one release; null: nobody can tell. */
export function versionsOf(node: Pick<UpkeptNode, 'upkeep' | 'role'>): Versions {
  const parts = node.role === 'control-plane' ? controlPlaneVersions(node) : [];
  return [...parts, kubeletVersion(node)];
}

/** Whether one of them is known to be older. */
export function isBehind(versions: Versions, release: string): boolean {
  return versions.some((version) => version !== null && isNewerRelease(release, version));
}

/** Whether each is known, and none is older. */
export function isThere(versions: Versions, release: string): boolean {
  return versions.every((version) => version !== null && !isNewerRelease(release, version));
}

/** The oldest and the newest of those that are known. */
export function oldestOf(versions: Versions): string | undefined {
  return extreme(versions, (left, right) => isNewerRelease(right, left));
}

export function newestOf(versions: Versions): string | undefined {
  return extreme(versions, isNewerRelease);
}

/**
 * What kubeadm-config says, as the newest of those who can tell; it is written after the first API
 * server, so by hand where it is newer than all of them.
 */
export function clusterVersion(nodes: readonly UpkeptNode[]): string | undefined {
  const living = nodes.filter(({ serves, role }) => serves && role === 'control-plane');
  const told = newestOf(living.map(({ upkeep }) => upkeep?.parts.cluster ?? null));
  const server = newestOf(living.map(({ upkeep }) => upkeep?.parts.apiServer ?? null));
  return told && server && isNewerRelease(told, server) ? server : told;
}

function extreme(
  versions: Versions,
  comesBefore: (left: string, right: string) => boolean,
): string | undefined {
  const known = versions.filter((version) => version !== null);
  return known.toSorted((a, b) => (comesBefore(a, b) ? -1 : comesBefore(b, a) ? 1 : 0))[0];
}
