import type { z } from 'zod';
import { type ClusterSpec, clusterSpecSchema } from './cluster-spec.ts';
import { kubeadmProblems } from './kubeadm-problems.ts';
import { networkProblems } from './network-problems.ts';
import { problem, type SpecContext, type SpecProblem } from './spec-problem.ts';
import { upgradeProblems } from './upgrade-problems.ts';

/** Minor releases of Kubernetes that civitas knows the kubeadm configuration of. */
const OLDEST_MINOR = 28;
const NEWEST_MINOR = 35;

const ODD_COUNT =
  'must be 1, 3, 5 or 7: an even number survives no more failures than the odd one below it';

/** Everything wrong with a spec as somebody typed it; empty when it may be used. Pure. */
export function specProblems(input: unknown, context: SpecContext): readonly SpecProblem[] {
  const { success, data, error } = clusterSpecSchema.safeParse(input);
  if (!success) return error.issues.map(problemOf);
  return [
    ...countProblems(data, context),
    ...versionProblems(data),
    ...policyProblems(data),
    ...upgradeProblems(data),
    ...networkProblems(data, context),
    ...kubeadmProblems(data),
  ];
}

function problemOf(issue: z.core.$ZodIssue): SpecProblem {
  const { path, message } = issue;
  if (path[0] === 'controlPlanes') return problem('controlPlanes', ODD_COUNT);
  if (issue.code === 'unrecognized_keys') {
    return problem(
      [...path, ...issue.keys].join('.'),
      'is no field of the spec: check its spelling',
    );
  }
  return problem(path.join('.') || 'spec', `is wrong: ${message}`);
}

function countProblems(
  { size, controlPlanes }: ClusterSpec,
  { expectedNodes }: SpecContext,
): readonly SpecProblem[] {
  const problems: SpecProblem[] = [];
  if (size !== undefined && size < controlPlanes) {
    const cure = `raise it to ${controlPlanes} or lower controlPlanes`;
    problems.push(problem('size', `is ${size}, less than controlPlanes: ${cure}`));
  }
  if (expectedNodes < controlPlanes) {
    const why = `but only ${expectedNodes} nodes are expected: lower it or expect more nodes`;
    problems.push(problem('controlPlanes', `is ${controlPlanes}, ${why}`));
  }
  return problems;
}

function versionProblems({ kubernetesVersion, upgrade }: ClusterSpec): readonly SpecProblem[] {
  const cure = `which is not supported: choose from v1.${OLDEST_MINOR} to v1.${NEWEST_MINOR}`;
  const through = upgrade.through.filter((release) => !isSupported(release));
  return [
    ...(isSupported(kubernetesVersion)
      ? []
      : [problem('kubernetesVersion', `is ${kubernetesVersion}, ${cure}`)]),
    ...through.map((release) => problem('upgrade.through', `names ${release}, ${cure}`)),
  ];
}

function isSupported(release: string): boolean {
  const minor = Number(release.split('.')[1]);
  return minor >= OLDEST_MINOR && minor <= NEWEST_MINOR;
}

/** People would be asked to approve what may never be planned. */
function policyProblems({ replacement }: ClusterSpec): readonly SpecProblem[] {
  const { maxUnhealthy, policy } = replacement;
  if (maxUnhealthy !== 0 || policy !== 'approve') return [];
  const why = 'is 0, so nothing is ever replaced, but replacement.policy is approve';
  return [problem('replacement.maxUnhealthy', `${why}: raise it, or set the policy to auto`)];
}
