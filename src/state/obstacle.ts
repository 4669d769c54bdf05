import { describeLiveness, isAlive, type NodeFacts } from './node-facts.ts';
import type { NodeId } from './node-id.ts';
import { isDisruptive } from './order.ts';
import { sharedIdentity } from './twins.ts';

/** Why a node gets no role now. */
export interface Obstacle {
  readonly reason:
    | 'has-role'
    | 'departing'
    | 'leaving'
    | 'under-order'
    | 'came-back-empty'
    | 'not-alive'
    | 'twin'
    | 'host-not-ready';
  /** Follows the name of the node: `n3 ${message}`. */
  readonly message: string;
}

/**
 * What keeps each node from being given a role. A node that is not in here is alive, has no role
 * or only stands by, is nobody's double, and its host is not known to lack anything.
 */
export function obstacles(all: readonly NodeFacts[]): ReadonlyMap<NodeId, Obstacle> {
  return new Map(
    all.flatMap((facts) => {
      const obstacle = obstacleOf(facts, all);
      return obstacle === undefined ? [] : [[facts.node.nodeId, obstacle]];
    }),
  );
}

function obstacleOf(facts: NodeFacts, all: readonly NodeFacts[]): Obstacle | undefined {
  return roleObstacle(facts) ?? obstacleBesidesRole(facts, all);
}

/** What keeps a node from another role, whichever it has. */
export function obstacleBesidesRole(
  facts: NodeFacts,
  all: readonly NodeFacts[],
): Obstacle | undefined {
  return (
    livenessObstacle(facts) ??
    leavingObstacle(facts) ??
    orderObstacle(facts) ??
    twinObstacle(facts, all) ??
    hostObstacle(facts)
  );
}

function leavingObstacle({ leaving }: NodeFacts): Obstacle | undefined {
  return leaving ? { reason: 'leaving', message: 'was asked to leave' } : undefined;
}

function orderObstacle({ order }: NodeFacts): Obstacle | undefined {
  if (order === undefined || !isDisruptive(order)) return undefined;
  return { reason: 'under-order', message: `has an order to ${order.task}` };
}

function roleObstacle(facts: NodeFacts): Obstacle | undefined {
  const { node, assignment } = facts;
  if (assignment === undefined || assignment.value.task === 'stand-by' || hasRetired(facts)) {
    return undefined;
  }
  if (assignment.value.task === 'retire') {
    return { reason: 'departing', message: 'is leaving Kubernetes' };
  }
  if (assignment.value.incarnation === node.incarnation) {
    return { reason: 'has-role', message: `is a ${assignment.value.role}` };
  }
  const message = 'came back empty and stays out until its former place in the cluster is removed';
  return { reason: 'came-back-empty', message };
}

/** Kubernetes knows its name, or will. */
function hasPlace({ assignment, departed }: NodeFacts): boolean {
  if (assignment === undefined || assignment.value.task === 'stand-by') return false;
  return assignment.value.task !== 'retire' || !departed;
}

/** Cluster and host have nothing left of its former place. */
function hasRetired({ assignment, departed, status }: NodeFacts): boolean {
  if (assignment?.value.task !== 'retire' || !departed) return false;
  return status?.phase === 'spare' && status.operationId === assignment.value.operationId;
}

function livenessObstacle(facts: NodeFacts): Obstacle | undefined {
  if (isAlive(facts)) return undefined;
  return { reason: 'not-alive', message: `is ${describeLiveness(facts)}` };
}

function twinObstacle(facts: NodeFacts, all: readonly NodeFacts[]): Obstacle | undefined {
  for (const other of all) {
    const shared = sharedIdentity(facts.node, other.node);
    if (shared === undefined || !comesFirst(other, facts)) continue;
    const { hostname, nodeId } = other.node;
    const message = `(${facts.node.nodeId}) has the ${shared} of ${hostname} (${nodeId}), which came first`;
    return { reason: 'twin', message };
  }
  return undefined;
}

// A twin that has a place keeps it even when dead: Kubernetes still knows its name.
function comesFirst(other: NodeFacts, facts: NodeFacts): boolean {
  if (hasPlace(other)) return true;
  return other.liveness?.verdict !== 'dead' && other.revision < facts.revision;
}

// A host that is still being prepared will be ready; one that waits for people may never be.
function hostObstacle({ status }: NodeFacts): Obstacle | undefined {
  if (status === undefined) return hostNotReady('has not reported yet whether its host is ready');
  const { phase, waiting } = status;
  if (phase === 'failed') return hostNotReady(`failed: ${waiting?.message ?? 'no reason given'}`);
  if (phase !== 'preparing' || waiting === null) return undefined;
  return hostNotReady(`is not ready: ${waiting.message}`);
}

function hostNotReady(message: string): Obstacle {
  return { reason: 'host-not-ready', message };
}
