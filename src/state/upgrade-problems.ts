import type { ClusterSpec } from './cluster-spec.ts';
import { isNewerRelease } from './kubernetes-version.ts';
import { problem, type SpecProblem } from './spec-problem.ts';

type Asked = Pick<ClusterSpec, 'kubernetesVersion' | 'upgrade'>;

/** Fields of `upgrade` that contradict each other, or the release that is wanted. */
export function upgradeProblems(asked: Asked): readonly SpecProblem[] {
  return [...windowProblems(asked), ...throughProblems(asked)];
}

/** One without the other would never begin, or mean nothing. */
function windowProblems({ upgrade: { policy, window } }: Asked): readonly SpecProblem[] {
  if (policy === 'window' && window === undefined) {
    const cure = 'say its start and lengthMinutes, or choose another policy';
    return [problem('upgrade.window', `is missing, but upgrade.policy is window: ${cure}`)];
  }
  if (policy === 'window' || window === undefined) return [];
  const why = `is given, but upgrade.policy is ${policy}, so it means nothing`;
  return [problem('upgrade.window', `${why}: set the policy to window, or leave it out`)];
}

function throughProblems({ kubernetesVersion, upgrade }: Asked): readonly SpecProblem[] {
  const beyond = upgrade.through.filter((release) => isNewerRelease(release, kubernetesVersion));
  const why = `newer than kubernetesVersion ${kubernetesVersion}`;
  return beyond.map((release) =>
    problem('upgrade.through', `names ${release}, ${why}: leave it out, or ask for a newer one`),
  );
}
