import { isAlive, type NodeFacts } from './node-facts.ts';
import type { NodeId } from './node-id.ts';
import type { Voter } from './projected-quorum.ts';
import { controlPlaneTrouble } from './unfinished.ts';

/** A voting member of etcd and the node that it runs on; named by its host. */
export interface HostedVoter extends Voter {
  readonly nodeId: NodeId;
}

/**
 * Who votes in etcd, as the log tells: also a node that is to leave, until etcd has no member there any
 * more. A newcomer counts once it said that it votes. What is unknown counts as not healthy (S5).
 */
export function votersOf(facts: Iterable<NodeFacts>): readonly HostedVoter[] {
  return [...facts].filter(votes).map((each) => {
    const { nodeId, hostname } = each.node;
    return { nodeId, name: hostname, healthy: isHealthy(each) };
  });
}

function votes({ node, status, assignment, departed }: NodeFacts): boolean {
  if (assignment === undefined || departed) return false;
  const { role, incarnation } = assignment.value;
  const cameBackEmpty = incarnation < node.incarnation;
  return status?.kubernetes.etcdMember === 'voter' || (role === 'control-plane' && cameBackEmpty);
}

function isHealthy(facts: NodeFacts): boolean {
  const { status, assignment } = facts;
  if (assignment?.value.role === 'control-plane') {
    return controlPlaneTrouble(assignment.value, facts) === undefined;
  }
  return isAlive(facts) && (status?.kubernetes.apiServerReady ?? false);
}
