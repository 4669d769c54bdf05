import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { missingCandidates, openPlaces, toNextOdd } from '../../state/growth.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import { isLost, type Roster } from '../../state/roster.ts';
import type { WaitReason } from '../../state/status.ts';
import { frozenInit } from './decide-founding.ts';
import { memberChange } from './situation.ts';

export interface Growth {
  /** The node to become a control plane now, if any: one at a time. */
  readonly controlPlane: NodeFacts | undefined;
  /** It is a worker that serves, and goes on serving. */
  readonly inPlace: boolean;
  /** Nodes to join as workers now, all at once. */
  readonly workers: readonly NodeFacts[];
  /** Nodes to stand by from now on. */
  readonly spares: readonly NodeFacts[];
  /** What is missing, most important first. */
  readonly waits: readonly WaitReason[];
}

type Wanted = Pick<ClusterSpec, 'controlPlanes' | 'size'>;

/**
 * How a cluster that was founded goes on growing. While control planes are missing, as many of the
 * best candidates are kept for them; everybody else gets a role at once. While control planes differ in
 * their release (`heldBy` names the rollout) nobody joins, and only a worker can fill a lost one's place.
 */
export function growth(roster: Roster, wanted: Wanted, heldBy: string | null = null): Growth {
  const { candidates, promotable, free } = roster;
  const reserved = candidates.order.slice(0, openPlaces(roster, wanted));
  const newcomer = heldBy === null ? reserved[0] : undefined;
  const others = free.filter((facts) => !reserved.includes(facts));
  const places = heldBy === null ? workerPlaces(roster, wanted) : 0;
  const isLate = heldBy !== null && others.some(isNew);

  return {
    controlPlane: mayJoin(roster, wanted) ? (newcomer ?? promotable.order[0]) : undefined,
    inPlace: newcomer === undefined,
    workers: others.slice(0, places),
    spares: heldBy === null ? others.slice(places).filter(isNew) : [],
    waits: [
      ...troubleWaits(roster, wanted),
      ...moreNodes(roster, wanted),
      ...leftOut(roster),
      ...(isLate ? [held(heldBy)] : []),
    ],
  };
}

function isNew({ assignment }: NodeFacts): boolean {
  return assignment === undefined;
}

function held(planId: string): WaitReason {
  const message = `newcomers join once all control planes run the same release: ${planId} is under way`;
  return { reason: 'rollout', message };
}

function workerPlaces({ controlPlanes, facts }: Roster, { size, ...wanted }: Wanted): number {
  if (size === undefined) return Number.POSITIVE_INFINITY;
  const workers = [...facts.values()].filter(
    ({ assignment }) => assignment?.value.role === 'worker',
  );
  return Math.max(0, size - Math.max(controlPlanes.length, wanted.controlPlanes) - workers.length);
}

function mayJoin(roster: Roster, wanted: Wanted): boolean {
  const isWhole = roster.troubles.length === 0 && memberChange(roster) === undefined;
  return isWhole && openPlaces(roster, wanted) > 0 && missingCandidates(roster) <= 0;
}

function troubleWaits(roster: Roster, wanted: Wanted): WaitReason[] {
  const { troubles, sponsors, controlPlanes, facts } = roster;
  const [only] = controlPlanes.length === 1 ? controlPlanes : [];
  if (only && isLost(facts.get(only.nodeId))) return troubles.map((each) => frozenInit(each));

  const total = Math.max(wanted.controlPlanes, controlPlanes.length);
  return troubles.map((trouble, index) => {
    const number = sponsors.length + index + 1;
    return { reason: 'control-plane', message: `control plane ${number} of ${total}: ${trouble}` };
  });
}

function moreNodes(roster: Roster, wanted: Wanted): WaitReason[] {
  const missing = missingCandidates(roster);
  if (openPlaces(roster, wanted) === 0 || missing <= 0) return [];
  const count = roster.controlPlanes.length;
  const [nodes, them] = missing === 1 ? ['node', 'it'] : ['nodes', 'them'];
  const message =
    `waiting for ${missing} more ${nodes} to reach ${count + toNextOdd(count)} control planes: ` +
    `start civitas on ${them} with the same token`;
  return [{ reason: 'more-nodes', message }];
}

/** Living nodes that should have a role and get none, each with its reason. */
function leftOut({ facts, obstacles }: Roster): WaitReason[] {
  return [...facts.values()].flatMap(({ node }) => {
    const obstacle = obstacles.get(node.nodeId);
    if (obstacle?.reason !== 'twin' && obstacle?.reason !== 'host-not-ready') return [];
    return [{ reason: 'node-left-out', message: `${node.hostname} ${obstacle.message}` }];
  });
}
