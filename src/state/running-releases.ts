import type { Entry } from './kinds.ts';
import { isNewerRelease, parseKubernetesVersion } from './kubernetes-version.ts';
import type { OrderTask } from './order.ts';

/** What of the log tells which releases there are by now. */
export interface ReleaseEntries {
  readonly nodes: readonly Entry<'node'>[];
  readonly livenesses: readonly Entry<'liveness'>[];
  readonly upkeeps: readonly Entry<'upkeep'>[];
  readonly orders: readonly Entry<'order'>[];
  readonly releases: readonly Entry<'release'>[];
}

/** A release that something runs, or is just brought to. */
export interface RunningRelease {
  readonly kubernetesVersion: string;
  /** Follows `which`: `n1 runs`. */
  readonly why: string;
}

const BRINGS_RELEASE: readonly OrderTask[] = ['upgrade-control-plane', 'upgrade-kubelet'];

/**
 * The releases of all nodes that are not dead, oldest first; empty before any node told. What a node
 * was already ordered to become counts, as nobody takes that back.
 */
export function runningReleases(entries: ReleaseEntries): readonly RunningRelease[] {
  const { releases } = entries;
  const kept = releases.map(({ value }) => {
    return { kubernetesVersion: value.controlPlane, why: 'the control plane is at' };
  });
  return [...ofNodes(entries), ...kept].filter(isRelease).toSorted(byRelease);
}

function ofNodes(entries: ReleaseEntries): readonly RunningRelease[] {
  return entries.nodes.flatMap(({ key, value: { hostname, incarnation } }) => {
    const isSame = <E extends { readonly incarnation: number }>(of: E | undefined) =>
      of?.incarnation === incarnation ? of : undefined;
    if (valueAt(entries.livenesses, key)?.verdict === 'dead') return [];
    const parts = isSame(valueAt(entries.upkeeps, key))?.parts;
    const order = isSame(valueAt(entries.orders, key));
    const runs = [parts?.kubelet, parts?.apiServer, parts?.controllerManager, parts?.scheduler];
    const cluster = parts?.cluster ?? null;
    return [
      ...told([...runs], `${hostname} runs`),
      ...told([cluster], 'kubeadm-config names'),
      ...(order && BRINGS_RELEASE.includes(order.task)
        ? told([order.kubernetesVersion], `${hostname} is brought to`)
        : []),
    ];
  });
}

function valueAt<V>(
  entries: readonly { readonly key: string; readonly value: V }[],
  wanted: string,
): V | undefined {
  return entries.find(({ key }) => key === wanted)?.value;
}

function told(versions: readonly (string | null | undefined)[], why: string) {
  return versions.flatMap((version) => (version ? [{ kubernetesVersion: version, why }] : []));
}

function isRelease({ kubernetesVersion }: RunningRelease): boolean {
  return parseKubernetesVersion(kubernetesVersion) !== undefined;
}

function byRelease(left: RunningRelease, right: RunningRelease): number {
  if (isNewerRelease(left.kubernetesVersion, right.kubernetesVersion)) return 1;
  return isNewerRelease(right.kubernetesVersion, left.kubernetesVersion) ? -1 : 0;
}
