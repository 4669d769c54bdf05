import { TerminalError } from '../errors.ts';
import { isNamed, unknownNode } from './enrolled-names.ts';
import { isAlive, type NodeFacts } from './node-facts.ts';
import type { NodeId } from './node-id.ts';

/** What a request to drain is judged by. */
export interface DrainContext {
  readonly facts: ReadonlyMap<NodeId, NodeFacts>;
  /** Of the newest entry of the log among all this. */
  readonly revision: number;
}

/** The enrolled node of that host name or node id. TerminalError `drain.unknown-node` names those there are. */
export function nodeToDrain(named: string, { facts, revision }: DrainContext): NodeFacts {
  const all = [...facts.values()];
  const found = all.find(({ node }) => isNamed(node, named));
  if (found) return found;
  const nodes = all.map(({ node }) => node);
  throw new TerminalError('drain.unknown-node', unknownNode(named, nodes, revision));
}

/**
 * Throws TerminalError `drain.leaves`, `drain.no-role` or `drain.last-control-plane` when the node can
 * not give its pods away now. Who drains it looks again before anything is taken away.
 */
export function refuseDrain(asked: NodeFacts, context: DrainContext): void {
  const { node, assignment, leaving } = asked;
  const start = `${node.hostname} can not be drained, judged at revision ${context.revision}`;
  if (leaving || assignment?.value.task === 'retire') {
    const why = 'it leaves, which drains it for good';
    throw new TerminalError('drain.leaves', `${start}: ${why}, so there is nothing to ask for.`);
  }
  if (assignment === undefined || assignment.value.role === 'spare') {
    const why = 'it has no role, so no pods of the cluster run there';
    throw new TerminalError('drain.no-role', `${start}: ${why} and nothing is to be drained.`);
  }
  if (isLastControlPlane(asked, context)) {
    throw new TerminalError(
      'drain.last-control-plane',
      `${start}: it is the last control plane that lives and serves, so bring another one back, or raise controlPlanes in the spec.`,
    );
  }
}

function isLastControlPlane({ node, assignment }: NodeFacts, { facts }: DrainContext): boolean {
  if (assignment?.value.role !== 'control-plane') return false;
  const others = [...facts.values()].filter((each) => each.node.nodeId !== node.nodeId);
  return !others.some(isHealthyControlPlane);
}

function isHealthyControlPlane(facts: NodeFacts): boolean {
  const { assignment, status } = facts;
  if (!isAlive(facts) || assignment?.value.role !== 'control-plane') return false;
  return status?.phase === 'serving' && status.kubernetes.apiServerReady;
}
