import type { ClusterSpec } from '../../state/cluster-spec.ts';
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
 * best candidates are kept for them; everybody else gets a role at once.
 */
export function growth(roster: Roster, wanted: Wanted): Growth {
  const { candidates, promotable, free } = roster;
  const reserved = candidates.order.slice(0, openPlaces(roster, wanted));
  const newcomer = reserved[0];
  const others = free.filter((facts) => !reserved.includes(facts));
  const places = workerPlaces(roster, wanted);

  return {
    controlPlane: mayJoin(roster, wanted) ? (newcomer ?? promotable.order[0]) : undefined,
    inPlace: newcomer === undefined,
    workers: others.slice(0, places),
    spares: others.slice(places).filter(({ assignment }) => assignment === undefined),
    waits: [...troubleWaits(roster, wanted), ...moreNodes(roster, wanted), ...leftOut(roster)],
  };
}

/** Who was asked to leave goes once another one has its place; who is lost keeps it until it is taken away. */
function openPlaces({ controlPlanes, facts }: Roster, wanted: Wanted): number {
  const leaving = controlPlanes.filter(({ nodeId }) => facts.get(nodeId)?.leaving);
  return Math.max(0, wanted.controlPlanes - controlPlanes.length + leaving.length);
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

/**
 * An even number of voters tolerates no more losses than one less, and with two the loss of either
 * stops the cluster. So a pair is begun only when both of its nodes are there.
 */
function missingCandidates({ controlPlanes, candidates, promotable, facts }: Roster): number {
  const staying = controlPlanes.filter(({ nodeId }) => !facts.get(nodeId)?.leaving);
  return toNextOdd(staying.length) - candidates.order.length - promotable.order.length;
}

function toNextOdd(count: number): number {
  return count % 2 === 0 ? 1 : 2;
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
