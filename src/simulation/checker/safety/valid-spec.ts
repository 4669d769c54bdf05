import type { ClusterSpec } from '../../../state/cluster-spec.ts';
import { SINGLETON } from '../../../state/kinds.ts';
import {
  compareKubernetesVersions,
  parseKubernetesVersion,
} from '../../../state/kubernetes-version.ts';
import { firstSkippedMinor, releasesBetween } from '../../../state/releases-between.ts';
import { specProblems } from '../../../state/spec-problems.ts';
import { moment, specOf } from '../known/questions.ts';
import { invariant } from '../rule.ts';

export const validSpec = invariant({
  id: 'S18',
  title: 'No invalid spec is ever active',
  rule: 'Every spec in the log passes the schema and its rules, and differs from the one before in nothing that can not change.',
  hears: ['log.committed'],
  initial: undefined,
  step(state, { kind, key, value, revision, atMs }, known) {
    if (kind !== 'spec' || key !== SINGLETON || value === null) return { state };
    const before = specOf(known);
    const wanted = value as ClusterSpec;
    // People may ask for more control planes than there are machines, which come later.
    const more = before ? wanted.controlPlanes : 0;
    const expectedNodes = Math.max(known.header.expectedNodes, more);
    const [problem] = specProblems(value, { expectedNodes, hostNetworks: [] });
    const why = problem?.message ?? (before && forbiddenChange(before, wanted));
    const broken =
      why && `the spec of revision ${revision} at ${moment(atMs)} is not valid: ${why}`;
    return { state, broken };
  },
});

function forbiddenChange(before: ClusterSpec, after: ClusterSpec): string | undefined {
  for (const field of ['podSubnet', 'serviceSubnet', 'plugin'] as const) {
    const [from, to] = [before.network[field], after.network[field]];
    if (from !== to) return `network.${field} went from ${from} to ${to}, and can not change`;
  }
  const [from, to] = [before.kubernetesVersion, after.kubernetesVersion];
  const [old, next] = [parseKubernetesVersion(from), parseKubernetesVersion(to)];
  if (!old || !next) return undefined;
  if (compareKubernetesVersions(next, old) < 0)
    return `kubernetesVersion went back from ${from} to ${to}`;
  const skipped = firstSkippedMinor(releasesBetween(from, after));
  return skipped === undefined
    ? undefined
    : `kubernetesVersion skips minor ${skipped} from ${from} to ${to}`;
}
