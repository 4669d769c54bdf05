import type { ClusterSpec } from '../../state/cluster-spec.ts';
import {
  missingCandidates,
  missingNewcomers,
  openPlaces,
  returning,
  toNextOdd,
} from '../../state/growth.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import type { PromotionWay } from '../../state/promotion-way.ts';
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

interface Terms {
  /** Names the rollout while control planes differ in their release. */
  readonly heldBy: string | null;
  /** How a worker becomes a control plane. */
  readonly way: PromotionWay['way'];
}

/**
 * How a cluster that was founded goes on growing. While control planes are missing, as many of the
 * best candidates are kept for them; everybody else gets a role at once. While control planes differ in
 * their release nobody joins, and only whoever was a worker can fill a lost one's place.
 */
export function growth(roster: Roster, wanted: Wanted, { heldBy, way }: Terms): Growth {
  const { candidates, free } = roster;
  const reserved = candidates.order.slice(0, openPlaces(roster, wanted));
  const newcomer = heldBy === null || way === 'rejoin' ? reserved[0] : undefined;
  const others = free.filter((facts) => !reserved.includes(facts));
  const places = heldBy === null ? workerPlaces(roster, wanted) : 0;
  const isLate = heldBy !== null && others.some(isNew);

  return {
    controlPlane: mayGrow(roster, wanted) ? nextOne(roster, newcomer, way) : undefined,
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

/** A worker that has to be emptied before is none yet. */
function nextOne(roster: Roster, newcomer: NodeFacts | undefined, way: Terms['way']) {
  if (way === 'rejoin') return missingNewcomers(roster) <= 0 ? newcomer : undefined;
  return newcomer ?? roster.promotable.order[0];
}

/** Whether a control plane may be added now, and there is whoever can be it. */
export function mayGrow(roster: Roster, wanted: Pick<ClusterSpec, 'controlPlanes'>): boolean {
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
  const missing = missingCandidates(roster) - returning(roster).length;
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
