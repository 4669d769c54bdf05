import { diskClass } from '../../state/candidate-order.ts';
import type { Rejection } from '../../state/decision-event.ts';
import type { Replica } from '../../state/genesis-record.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import { movedServerName, type Replicas, runningReplicas } from '../../state/replicas.ts';
import { type Going, mayHost } from './going.ts';

const REPLICAS_PER_NODE = 3;

interface Choice {
  readonly host: NodeFacts;
  readonly rejected: Rejection[];
}

/**
 * The node that gets the place of a replica that goes: one without a replica, in the zone with the
 * fewest that stay, a control plane rather than another node, on the faster disk, by node id. A
 * newcomer waits for its role first where the replica could as well stay.
 */
export function chooseHost(
  { replica, mayStay }: Pick<Going, 'replica' | 'mayStay'>,
  { replicas, leaving }: Replicas,
  facts: ReadonlyMap<NodeId, NodeFacts>,
): Choice | undefined {
  const staying = replicas.filter((each) => each !== replica);
  const taken = new Set([...staying, replica, ...(leaving ? [leaving] : [])].map(nodeIdOf));
  const free = [...facts.values()].filter(
    (each) => !taken.has(each.node.nodeId) && mayHost(each) && (!mayStay || isSettled(each)),
  );
  const zones = staying.map(({ nodeId }) => facts.get(nodeId)?.node.zone);
  const ranks = (each: NodeFacts) => rank(each, zones);
  const [host, ...others] = free.toSorted((a, b) => compare(ranks(a), ranks(b)) || byId(a, b));
  if (!host) return undefined;
  const reason = `comes after ${host.node.hostname} by zone, role and disk`;
  const rejected = others.map(({ node: { nodeId, hostname } }) => ({ nodeId, hostname, reason }));
  return { host, rejected };
}

/** The replica that a host gets in the set of this generation. */
export function replicaOn(host: NodeFacts, generation: number, set: Replicas): Replica {
  const { nodeId, addresses, logPortBase = 0 } = host.node;
  const taken = runningReplicas(set).filter((each) => each.nodeId === nodeId);
  const ports = Array.from({ length: REPLICAS_PER_NODE }, (_, index) => logPortBase + 2 * index);
  const clientPort =
    ports.find((port) => taken.every((each) => each.clientPort !== port)) ?? logPortBase;
  return {
    serverName: movedServerName(nodeId, generation),
    nodeId,
    address: addresses[0] ?? '',
    clientPort,
    routePort: clientPort + 1,
  };
}

function rank(facts: NodeFacts, zones: readonly (string | undefined)[]): readonly number[] {
  const inZone = zones.filter((zone) => zone === facts.node.zone).length;
  const isControlPlane = facts.assignment?.value.role === 'control-plane';
  return [inZone, isControlPlane ? 0 : 1, diskClass(facts.node)];
}

function compare(left: readonly number[], right: readonly number[]): number {
  return left.map((value, index) => value - (right[index] ?? 0)).find((each) => each !== 0) ?? 0;
}

function byId({ node: a }: NodeFacts, { node: b }: NodeFacts): number {
  return a.nodeId < b.nodeId ? -1 : 1;
}

function isSettled({ status }: NodeFacts): boolean {
  return status?.phase === 'serving' || status?.phase === 'spare';
}

function nodeIdOf({ nodeId }: Replica): NodeId {
  return nodeId;
}
