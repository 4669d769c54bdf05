import type { ClusterSpec } from './cluster-spec.ts';
import { isAlive } from './node-facts.ts';
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
  return missingNewcomers(roster) - roster.promotable.order.length;
}

/** The same where workers that serve do not count, as they have to be emptied before. */
export function missingNewcomers(roster: Roster): number {
  const { controlPlanes, candidates, facts } = roster;
  const staying = controlPlanes.filter(({ nodeId }) => !facts.get(nodeId)?.leaving);
  return toNextOdd(staying.length) - candidates.order.length;
}

/** Living nodes that leave Kubernetes, and stand by once their hosts are clean. */
export function returning({ facts, obstacles }: Roster): readonly string[] {
  const all = [...facts.values()].filter((each) => isAlive(each) && !each.leaving);
  const departing = all.filter(({ node }) => obstacles.get(node.nodeId)?.reason === 'departing');
  return departing.map(({ node }) => node.hostname);
}

export function toNextOdd(count: number): number {
  return count % 2 === 0 ? 1 : 2;
}

/** Whether a control plane is about to be made, as one is wanted and there is whoever can be it. */
export function isGrowing(roster: Roster, wanted: Wanted): boolean {
  const isHurt = roster.controlPlanes.some(({ nodeId }) => isLost(roster.facts.get(nodeId)));
  return !isHurt && openPlaces(roster, wanted) > 0 && missingCandidates(roster) <= 0;
}
