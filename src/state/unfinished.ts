import type { Assignment } from './assignment.ts';
import type { NodeFacts } from './node-facts.ts';
import { describeLiveness, isAlive } from './node-facts.ts';
import type { Status } from './status.ts';

/** Whether the node reports that it serves by the very operation it was asked for. */
export function isServing(assignment: Assignment, status: Status | undefined): boolean {
  return status?.phase === 'serving' && status.operationId === assignment.operationId;
}

/**
 * Why a control plane is not yet, or no longer, whole: a sentence, or undefined when it is alive,
 * serves, votes in etcd and its API server answers. Unknown counts as not whole (S5).
 */
export function controlPlaneTrouble(
  assignment: Assignment,
  facts: NodeFacts | undefined,
): string | undefined {
  if (facts === undefined) return `${assignment.nodeId} is not enrolled`;
  const { node, status } = facts;
  const name = node.hostname;
  if (node.incarnation !== assignment.incarnation) {
    return `${name} came back empty and its former place is still in the cluster`;
  }
  if (!isAlive(facts)) return `${name} is ${describeLiveness(facts)}`;
  if (status === undefined || !isServing(assignment, status)) {
    const doing = assignment.task === 'init' ? 'is founding the cluster' : 'is joining';
    return `${name} ${doing}${describePhase(status)}`;
  }
  if (status.kubernetes.etcdMember !== 'voter') return `etcd on ${name} does not vote yet`;
  return status.kubernetes.apiServerReady ? undefined : `the API server of ${name} is not ready`;
}

function describePhase(status: Status | undefined): string {
  if (status === undefined) return '';
  const { phase, waiting } = status;
  return waiting === null ? ` (${phase})` : ` (${phase}: ${waiting.message})`;
}
