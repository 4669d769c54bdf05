import type { ClusterSpec } from './cluster-spec.ts';
import { isNewerRelease, parseKubernetesVersion } from './kubernetes-version.ts';

type Wanted = Pick<ClusterSpec, 'kubernetesVersion'> & {
  readonly upgrade: Pick<ClusterSpec['upgrade'], 'through'>;
};

/**
 * The releases that a cluster passes from `present` to the one that is wanted, both included: one only
 * where they are the same. What `upgrade.through` names on this side or beyond is passed over.
 */
export function releasesBetween(present: string, wanted: Wanted): readonly string[] {
  const { kubernetesVersion, upgrade } = wanted;
  const between = upgrade.through.filter(
    (release) => isNewerRelease(release, present) && isNewerRelease(kubernetesVersion, release),
  );
  const ordered = [...new Set(between)].toSorted((a, b) => (isNewerRelease(a, b) ? 1 : -1));
  return kubernetesVersion === present ? [present] : [present, ...ordered, kubernetesVersion];
}

/** The lowest minor release that nobody would pass, as kubeadm demands; undefined when there is none. */
export function firstSkippedMinor(releases: readonly string[]): number | undefined {
  const minors = releases.flatMap((release) => parseKubernetesVersion(release)?.minor ?? []);
  const before = minors.find((minor, index) => (minors[index + 1] ?? minor) - minor > 1);
  return before === undefined ? undefined : before + 1;
}
