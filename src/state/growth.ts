import type { ClusterSpec } from './cluster-spec.ts';
import { isLost, type Roster } from './roster.ts';

type Wanted = Pick<ClusterSpec, 'controlPlanes'>;

/** Who was asked to leave goes once another one has its place; who is lost keeps it until it is taken away. */
export function openPlaces({ controlPlanes, facts }: Roster, wanted: Wanted): number {
  const leaving = controlPlanes.filter(({ nodeId }) => facts.get(nodeId)?.leaving);
  return Math.max(0, wanted.controlPlanes - controlPlanes.length + leaving.length);
}

/**
 * An even number of voters tolerates no more losses than one less, and with two the loss of either
 * stops the cluster. So a pair is begun only when both of its nodes are there.
 */
export function missingCandidates(roster: Roster): number {
  const { controlPlanes, candidates, promotable, facts } = roster;
  const staying = controlPlanes.filter(({ nodeId }) => !facts.get(nodeId)?.leaving);
  return toNextOdd(staying.length) - candidates.order.length - promotable.order.length;
}

export function toNextOdd(count: number): number {
  return count % 2 === 0 ? 1 : 2;
}

/** Whether a control plane is about to be made, as one is wanted and there is whoever can be it. */
export function isGrowing(roster: Roster, wanted: Wanted): boolean {
  const isHurt = roster.controlPlanes.some(({ nodeId }) => isLost(roster.facts.get(nodeId)));
  return !isHurt && openPlaces(roster, wanted) > 0 && missingCandidates(roster) <= 0;
}
