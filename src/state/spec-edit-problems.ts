import type { ClusterSpec } from './cluster-spec.ts';
import { compareKubernetesVersions, parseKubernetesVersion } from './kubernetes-version.ts';
import { problem, type SpecProblem } from './spec-problem.ts';

const UNCHANGEABLE = ['podSubnet', 'serviceSubnet', 'plugin'] as const;

/** What keeps a running cluster from getting from one spec to another; both are right by themselves. */
export function specEditProblems(before: ClusterSpec, after: ClusterSpec): readonly SpecProblem[] {
  return [...networkChanges(before, after), ...versionStep(before, after)];
}

/** kubeadm gives the networks to every part of a cluster at its founding, and changes them in none. */
function networkChanges(before: ClusterSpec, after: ClusterSpec): readonly SpecProblem[] {
  return UNCHANGEABLE.filter((name) => before.network[name] !== after.network[name]).map((name) => {
    const [was, is] = [before.network[name], after.network[name]];
    return problem(`network.${name}`, `is ${is}, but the cluster was founded with ${was}: keep it`);
  });
}

/** kubeadm never goes back, and skips no minor release. */
function versionStep(before: ClusterSpec, after: ClusterSpec): readonly SpecProblem[] {
  const [present, wanted] = [before.kubernetesVersion, after.kubernetesVersion];
  const [from, to] = [parseKubernetesVersion(present), parseKubernetesVersion(wanted)];
  if (!from || !to) return [];
  if (compareKubernetesVersions(to, from) < 0) {
    const why = `is ${wanted}, older than ${present}, and there is no way back: keep ${present} or newer`;
    return [problem('kubernetesVersion', why)];
  }
  if (to.minor - from.minor <= 1) return [];
  const why = `is ${wanted} and skips a minor release after ${present}: go to v1.${from.minor + 1} first`;
  return [problem('kubernetesVersion', why)];
}
