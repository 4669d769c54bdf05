import type { ClusterSpec } from './cluster-spec.ts';
import { isNewerRelease } from './kubernetes-version.ts';
import { problem, type SpecProblem } from './spec-problem.ts';

type Asked = Pick<ClusterSpec, 'kubernetesVersion' | 'upgrade' | 'certificates'>;

/** Fields that say when and by which way something goes from node to node, and contradict each other. */
export function upgradeProblems(asked: Asked): readonly SpecProblem[] {
  return [
    ...windowProblems('upgrade', asked.upgrade),
    ...windowProblems('certificates', asked.certificates),
    ...throughProblems(asked),
  ];
}

/** One without the other would never begin, or mean nothing. */
function windowProblems(
  part: 'upgrade' | 'certificates',
  { policy, window }: Asked['upgrade'] | Asked['certificates'],
): readonly SpecProblem[] {
  if (policy === 'window' && window === undefined) {
    const cure = 'say its start and lengthMinutes, or choose another policy';
    return [problem(`${part}.window`, `is missing, but ${part}.policy is window: ${cure}`)];
  }
  if (policy === 'window' || window === undefined) return [];
  const why = `is given, but ${part}.policy is ${policy}, so it means nothing`;
  return [problem(`${part}.window`, `${why}: set the policy to window, or leave it out`)];
}

function throughProblems({ kubernetesVersion, upgrade }: Asked): readonly SpecProblem[] {
  const beyond = upgrade.through.filter((release) => isNewerRelease(release, kubernetesVersion));
  const why = `newer than kubernetesVersion ${kubernetesVersion}`;
  return beyond.map((release) =>
    problem('upgrade.through', `names ${release}, ${why}: leave it out, or ask for a newer one`),
  );
}
