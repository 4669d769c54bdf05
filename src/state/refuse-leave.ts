import { TerminalError } from '../errors.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { countText } from './count-text.ts';
import { NEVER_CONTROL_PLANE_LABEL } from './node.ts';
import { isAlive, type NodeFacts } from './node-facts.ts';
import type { NodeId } from './node-id.ts';
import { removalTrouble } from './projected-quorum.ts';
import { votersOf } from './voters.ts';

/** What a request to leave is judged by. */
export interface LeaveContext {
  readonly facts: ReadonlyMap<NodeId, NodeFacts>;
  readonly spec: ClusterSpec;
  /** Of the newest entry of the log among all this. */
  readonly revision: number;
}

/**
 * Throws TerminalError `leave.last-control-plane`, `leave.breaks-quorum` or `leave.breaks-spec` when the
 * cluster could not do without this node now. The leader looks again before it takes anything away.
 */
export function refuseLeave(leaving: NodeFacts, context: LeaveContext): void {
  const { hostname } = leaving.node;
  const start = `${hostname} can not leave, judged at revision ${context.revision}`;
  if (isLastControlPlane(leaving, context)) {
    throw new TerminalError(
      'leave.last-control-plane',
      `${start}: it is the last control plane, so raise controlPlanes in the spec and wait until others serve.`,
    );
  }
  const quorum = quorumTrouble(leaving, context);
  if (quorum !== undefined) {
    throw new TerminalError(
      'leave.breaks-quorum',
      `${start}: ${quorum}, so bring the other control planes back first.`,
    );
  }
  const spec = specTrouble(leaving, context);
  if (spec !== undefined) throw new TerminalError('leave.breaks-spec', `${start}: ${spec}.`);
}

function isLastControlPlane({ node, assignment }: NodeFacts, { facts }: LeaveContext): boolean {
  if (assignment?.value.role !== 'control-plane') return false;
  const others = othersThan(node.nodeId, facts).filter(isControlPlane);
  return others.length === 0;
}

function quorumTrouble({ node }: NodeFacts, { facts }: LeaveContext): string | undefined {
  const voters = votersOf(facts.values());
  const isVoter = voters.some(({ nodeId }) => nodeId === node.nodeId);
  return isVoter ? removalTrouble(voters, node.hostname) : undefined;
}

function specTrouble(leaving: NodeFacts, { facts, spec }: LeaveContext): string | undefined {
  const { controlPlanes, size, replacement } = spec;
  const others = othersThan(leaving.node.nodeId, facts);
  const staying = others.filter((each) => isAlive(each) && isStaying(each));
  const able = staying.filter(mayBeControlPlane).length;
  if (able < controlPlanes && mayBeControlPlane(leaving)) {
    return `the spec asks for ${countText(controlPlanes, 'control plane')} and only ${countText(able, 'other node')} could be one, so lower controlPlanes or start another machine first`;
  }
  if (size !== undefined && staying.length < size) {
    return `the spec asks for ${size} nodes that serve and only ${countText(staying.length, 'other')} would stay, so lower size or start another machine first`;
  }
  const unhealthy = others.filter((each) => !isAlive(each) && isStaying(each));
  if (unhealthy.length <= (replacement.maxUnhealthy ?? Number.POSITIVE_INFINITY)) return undefined;
  const names = unhealthy.map(({ node }) => node.hostname).join(', ');
  return `the spec bears ${replacement.maxUnhealthy} unhealthy nodes and there are ${unhealthy.length} (${names}), so bring them back first`;
}

function othersThan(nodeId: NodeId, facts: LeaveContext['facts']): readonly NodeFacts[] {
  return [...facts.values()].filter(({ node }) => node.nodeId !== nodeId);
}

function isControlPlane({ assignment }: NodeFacts): boolean {
  return assignment?.value.role === 'control-plane';
}

function isStaying({ leaving, assignment }: NodeFacts): boolean {
  return !leaving && assignment?.value.task !== 'retire';
}

function mayBeControlPlane(facts: NodeFacts): boolean {
  const label = facts.node.labels[NEVER_CONTROL_PLANE_LABEL];
  return isControlPlane(facts) || label === undefined || label === 'false';
}
