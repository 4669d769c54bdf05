import { canonicalJson } from './canonical-json.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { isFields } from './kubeadm/is-fields.ts';
import { isNewerRelease } from './kubernetes-version.ts';
import { firstSkippedMinor, releasesBetween } from './releases-between.ts';
import type { RunningRelease } from './running-releases.ts';
import { problem, type SpecProblem } from './spec-problem.ts';

const UNCHANGEABLE = ['podSubnet', 'serviceSubnet', 'plugin'] as const;
/** kubeadm's own. */
const DEFAULT_DNS_DOMAIN = 'cluster.local';

/**
 * What keeps a running cluster from getting from one spec to another; both are right by themselves.
 * `running`: what there is by now, oldest first; empty where nobody told, and then it is what the
 * spec asked for before.
 */
export function specEditProblems(
  before: ClusterSpec,
  after: ClusterSpec,
  running: readonly RunningRelease[],
): readonly SpecProblem[] {
  return [
    ...networkChanges(before, after),
    ...domainChange(before, after),
    ...versionStep(before, after, running),
  ];
}

/** kubeadm gives the networks to every part of a cluster at its founding, and changes them in none. */
function networkChanges(before: ClusterSpec, after: ClusterSpec): readonly SpecProblem[] {
  return UNCHANGEABLE.filter((name) => before.network[name] !== after.network[name]).map((name) => {
    const [was, is] = [before.network[name], after.network[name]];
    return problem(`network.${name}`, `is ${is}, but the cluster was founded with ${was}: keep it`);
  });
}

/** Certificates of the API servers, the kubelets and the cluster's DNS have it from the founding. */
function domainChange(before: ClusterSpec, after: ClusterSpec): readonly SpecProblem[] {
  const [was, is] = [dnsDomainOf(before), dnsDomainOf(after)];
  if (was === is) return [];
  const what = `is ${is}, but the cluster was founded with ${was}: keep it`;
  return [problem('kubeadm.clusterConfiguration.networking.dnsDomain', what)];
}

function dnsDomainOf({ kubeadm: { clusterConfiguration } }: ClusterSpec): string {
  const { networking } = clusterConfiguration;
  const domain = isFields(networking) ? networking['dnsDomain'] : undefined;
  return typeof domain === 'string' ? domain : DEFAULT_DNS_DOMAIN;
}

/** Other edits are none of its business, as a node may have come back that is far behind. */
function versionStep(
  before: ClusterSpec,
  after: ClusterSpec,
  running: readonly RunningRelease[],
): readonly SpecProblem[] {
  if (canonicalJson(path(before)) === canonicalJson(path(after))) return [];
  const asked = { kubernetesVersion: before.kubernetesVersion, why: 'the spec asks for' };
  const oldest = running[0] ?? asked;
  const newest = running.at(-1) ?? asked;
  const wayBack = wayBackTo(after.kubernetesVersion, newest);
  return wayBack.length > 0 ? wayBack : skippedAfter(oldest, after);
}

function path({ kubernetesVersion, upgrade: { through } }: ClusterSpec) {
  return { kubernetesVersion, through };
}

/** kubeadm never goes back; a release that nothing runs yet can be taken back. */
function wayBackTo(
  wanted: string,
  { kubernetesVersion, why }: RunningRelease,
): readonly SpecProblem[] {
  if (!isNewerRelease(kubernetesVersion, wanted)) return [];
  const what = `is ${wanted}, older than ${kubernetesVersion}, which ${why}, and there is no way back`;
  return [problem('kubernetesVersion', `${what}: keep ${kubernetesVersion} or newer`)];
}

/** kubeadm skips no minor release: each one between is named in `upgrade.through`. */
function skippedAfter(
  { kubernetesVersion, why }: RunningRelease,
  after: ClusterSpec,
): readonly SpecProblem[] {
  const skipped = firstSkippedMinor(releasesBetween(kubernetesVersion, after));
  if (skipped === undefined) return [];
  const what = `is ${after.kubernetesVersion} and skips v1.${skipped} after ${kubernetesVersion}, which ${why}`;
  const cure = `name a release of it in upgrade.through, such as v1.${skipped}.0`;
  return [problem('kubernetesVersion', `${what}: ${cure}`)];
}
