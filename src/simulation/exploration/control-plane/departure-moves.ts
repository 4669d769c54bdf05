import { type Cluster, hasQuorum, isHealthyVoter, mayLeaveEtcd } from './cluster.ts';
import { type DepartureStep, departureStep } from './departure-step.ts';
import { roleOf } from './entries.ts';
import { isAskedInVain } from './late-write.ts';
import type { ClusterStep, Model } from './model.ts';
import { to } from './move.ts';
import { isUp, type Place } from './place.ts';

/** What the sponsor of the node at `index` does next to see it out of the cluster. */
export function departureMoves(
  model: Model,
  cluster: Cluster,
  all: readonly Place[],
  index: number,
): readonly ClusterStep[] {
  const { asked, departure } = all[index] ?? {};
  if (asked?.task !== 'retire' && asked?.task !== 'demote') return [];
  const sponsor = cluster.sponsors[index] ?? -1;
  if (departure === 'done' || !maySponsor(all[sponsor], cluster) || !hasQuorum(all)) return [];
  if (isAskedInVain(all, index, cluster.term)) return [];
  const { formers } = cluster;
  const step = departureStep(model.decisions, { all, formers, index, sponsor });
  return step ? [moved(model, cluster, all, index, step)] : [];
}

/** It serves as a control plane, and its copy of the log is the log. */
function maySponsor(place: Place | undefined, { logAnswers }: Cluster): boolean {
  if (!place || !isUp(place) || !logAnswers) return false;
  const { asked, said, copy } = place;
  if (copy !== null && copy.state !== 'kept') return false;
  const isControlPlane = asked !== null && roleOf(asked.task) === 'control-plane';
  return isControlPlane && said?.phase === 'serving' && isHealthyVoter(place);
}

function moved(
  model: Model,
  cluster: Cluster,
  all: readonly Place[],
  index: number,
  step: DepartureStep,
): ClusterStep {
  switch (step.type) {
    case 'report':
      return to(model, cluster, index, `: its departure is ${step.state}`, {
        departure: step.state,
      });
    case 'remove-member': {
      // etcd refuses what would cost its quorum, and to have asked is wrong all the same.
      const change = mayLeaveEtcd(all, index) ? { member: 'none' as const } : {};
      const removed = to(model, cluster, index, ': its sponsor removes the member of etcd', change);
      return { ...removed, deeds: [{ type: 'remove', place: index }] };
    }
    case 'delete-node':
      return to(model, cluster, index, ': its sponsor deletes the Node', { node: 'none' });
    case 'unmark':
      return to(model, cluster, index, ': its sponsor unmarks the Node', { node: 'plain' });
  }
}
