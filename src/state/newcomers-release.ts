import type { Entry } from './kinds.ts';

interface Entries {
  readonly releases: readonly Entry<'release'>[];
  readonly assignments: readonly Entry<'assignment'>[];
  readonly specs: readonly Entry<'spec'>[];
}

/**
 * What a node gets that is given a role now, and the rollout that keeps it from joining, null when none
 * does: a newer version in the spec is for a rollout to bring. Undefined while the log has neither.
 */
export function newcomersRelease({
  releases,
  assignments,
  specs,
}: Entries): { readonly kubernetesVersion: string; readonly heldBy: string | null } | undefined {
  const [release] = releases;
  if (release) {
    const { controlPlane, heldBy } = release.value;
    return { kubernetesVersion: controlPlane, heldBy };
  }
  const present = assignments.find(({ value }) => value.role === 'control-plane');
  const version = (present ?? specs[0])?.value.kubernetesVersion;
  return version === undefined ? undefined : { kubernetesVersion: version, heldBy: null };
}
