import { distanceClass } from './distance.ts';
import { NEVER_CONTROL_PLANE_LABEL, type Node } from './node.ts';
import type { NodeFacts } from './node-facts.ts';
import type { NodeId } from './node-id.ts';
import type { Obstacle } from './obstacle.ts';

/** kubeadm's preflight checks refuse a control plane below these figures. */
export const MIN_CPUS = 2;
export const MIN_MEMORY_MIB = 1_700;

/** etcd wants the 99th percentile of its log's fsync below 10 ms (etcd tuning guide). */
const GOOD_FSYNC_MS = 10;
/** etcd's heartbeat interval: a disk slower than that costs elections. */
const BAD_FSYNC_MS = 100;

export interface CandidateOrder {
  /** Those who may become control planes, best first. */
  readonly order: readonly NodeFacts[];
  /** The others; the reason follows the node's name. */
  readonly rejected: readonly { readonly node: Node; readonly reason: string }[];
}

/**
 * Who becomes the next control planes, in order. Each place goes to the node that is fit (CPUs,
 * memory), in the zone with the fewest control planes, in the zone that `zones` names first, on
 * the faster disk, nearer to the others, without local volumes in use, warm rather than cold, by node
 * id: in this order. Places given further up count for those below. Only nodes of the `pool` are chosen.
 */
export function candidateOrder(
  all: readonly NodeFacts[],
  obstacles: ReadonlyMap<NodeId, Obstacle>,
  zones: readonly string[],
  pool: readonly NodeFacts[] = all,
): CandidateOrder {
  const judged = pool.map((facts) => ({ facts, reason: whyNot(facts, obstacles) }));
  const candidates = judged.filter(({ reason }) => reason === undefined).map(({ facts }) => facts);

  return {
    order: spread(candidates, controlPlaneZones(all), zones),
    rejected: judged.flatMap(({ facts, reason }) =>
      reason === undefined ? [] : [{ node: facts.node, reason }],
    ),
  };
}

function whyNot({ node }: NodeFacts, obstacles: ReadonlyMap<NodeId, Obstacle>): string | undefined {
  const obstacle = obstacles.get(node.nodeId);
  if (obstacle) return obstacle.message;
  const label = node.labels[NEVER_CONTROL_PLANE_LABEL];
  if (label === undefined || label === 'false') return undefined;
  return `carries the label ${NEVER_CONTROL_PLANE_LABEL}=${label}`;
}

/** How many control planes each zone has that has one. */
export function controlPlaneZones(all: Iterable<NodeFacts>): Map<string, number> {
  const taken = [...all].filter(({ assignment }) => assignment?.value.role === 'control-plane');
  const counts = new Map<string, number>();
  for (const { node } of taken) counts.set(node.zone, (counts.get(node.zone) ?? 0) + 1);
  return counts;
}

function spread(
  candidates: readonly NodeFacts[],
  counts: Map<string, number>,
  zones: readonly string[],
): readonly NodeFacts[] {
  const byDisk = candidates.toSorted(compareHosts);
  const fit = byDisk.filter(({ node }) => isFit(node));
  const unfit = byDisk.filter(({ node }) => !isFit(node));
  return [...dealByZone(fit, counts, zones), ...dealByZone(unfit, counts, zones)];
}

/** Counts each place it gives in `counts`. */
function dealByZone(
  candidates: readonly NodeFacts[],
  counts: Map<string, number>,
  zones: readonly string[],
): readonly NodeFacts[] {
  const queues = [...Map.groupBy(candidates, ({ node }) => node.zone).values()];
  const order: NodeFacts[] = [];
  while (order.length < candidates.length) {
    const heads = queues.flatMap(([head]) => (head === undefined ? [] : [head]));
    const best = heads.reduce((a, b) => (compareZones(a, b, counts, zones) <= 0 ? a : b));
    queues.find(([head]) => head === best)?.shift();
    counts.set(best.node.zone, (counts.get(best.node.zone) ?? 0) + 1);
    order.push(best);
  }
  return order;
}

function compareZones(
  left: NodeFacts,
  right: NodeFacts,
  counts: ReadonlyMap<string, number>,
  zones: readonly string[],
): number {
  const taken = ({ node: { zone } }: NodeFacts) => counts.get(zone) ?? 0;
  const place = ({ node }: NodeFacts) => zonePlace(node, zones);
  return taken(left) - taken(right) || place(left) - place(right) || compareHosts(left, right);
}

/** Where `zones` names the zone of a node; behind all of them where it does not. */
export function zonePlace({ zone }: Node, zones: readonly string[]): number {
  return zones.includes(zone) ? zones.indexOf(zone) : zones.length;
}

/**
 * A disk stays as slow as it is, a machine where it is, and pods where their local volumes are; who is
 * cold is warm in a minute.
 */
function compareHosts(left: NodeFacts, right: NodeFacts): number {
  return (
    diskClass(left.node) - diskClass(right.node) ||
    distanceClass(left.node) - distanceClass(right.node) ||
    Number(hasLocalVolumes(left.node)) - Number(hasLocalVolumes(right.node)) ||
    Number(isWarm(right)) - Number(isWarm(left)) ||
    byId(left.node, right.node)
  );
}

/** Whether its pods could run nowhere else, and share its disks with whatever it becomes. */
export function hasLocalVolumes({ localVolumes }: Node): boolean {
  return localVolumes === true;
}

/** Whether programs and images of the release in force are on the host of a node that stands by. */
export function isWarm({ standBy }: NodeFacts): boolean {
  return standBy?.state === 'warm';
}

/** Whether kubeadm lets it be a control plane without complaint. */
export function isFit({ capacity }: Node): boolean {
  return capacity.cpus >= MIN_CPUS && capacity.memoryMiB >= MIN_MEMORY_MIB;
}

/** 0: fast enough for etcd; 1: slow; 2: so slow that it costs elections. */
export function diskClass({ capacity: { fsyncP99Ms } }: Node): number {
  if (fsyncP99Ms < GOOD_FSYNC_MS) return 0;
  return fsyncP99Ms < BAD_FSYNC_MS ? 1 : 2;
}

function byId(left: Node, right: Node): number {
  return left.nodeId < right.nodeId ? -1 : 1;
}
