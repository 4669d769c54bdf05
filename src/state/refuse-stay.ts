import { TerminalError } from '../errors.ts';
import { isNamed, unknownNode } from './enrolled-names.ts';
import type { Entry } from './kinds.ts';
import type { NodeFacts } from './node-facts.ts';
import type { NodeId } from './node-id.ts';

/** What it is judged by that a node is to stay after all. */
export interface StayContext {
  readonly facts: ReadonlyMap<NodeId, NodeFacts>;
  readonly departures: readonly Entry<'departure'>[];
  /** Of the newest entry of the log among all this. */
  readonly revision: number;
}

/** The enrolled node of that host name or node id. TerminalError `leave.unknown-node` names those there are. */
export function nodeToStay(named: string, { facts, revision }: StayContext): NodeFacts {
  const all = [...facts.values()];
  const found = all.find(({ node }) => isNamed(node, named));
  if (found) return found;
  const nodes = all.map(({ node }) => node);
  throw new TerminalError('leave.unknown-node', unknownNode(named, nodes, revision));
}

/**
 * The operation that has to stop for the node to stay; null while none was asked of it. `canGoBack`: it
 * has a role to go back to. Throws TerminalError `leave.not-asked` and `leave.past-return`.
 */
export function departureToStop(
  { node, assignment, leaving, departed }: NodeFacts,
  canGoBack: boolean,
  { departures, revision }: Pick<StayContext, 'departures' | 'revision'>,
): string | null {
  const { nodeId, hostname } = node;
  if (!leaving) {
    throw new TerminalError(
      'leave.not-asked',
      `Nobody asked ${hostname} to leave, judged at revision ${revision}: see \`civitas status\`.`,
    );
  }
  if (assignment?.value.task !== 'retire') return null;
  const { operationId } = assignment.value;
  const departure = departures.find(({ key }) => key === nodeId)?.value;
  const isPast = departure?.operationId === operationId && departure.state === 'past-return';
  const why =
    (departed && 'it has left') ||
    (isPast && 'its member of etcd or its Node is being taken away, or is gone') ||
    (!canGoBack &&
      'it has never served, or failed to become something else, so there is no role to go back to');
  if (!why) return operationId;
  throw new TerminalError(
    'leave.past-return',
    `${hostname} can not stay, judged at revision ${revision}: ${why}. Once \`civitas leave --wait\` there has come to its end, wipe the machine to let it come as another node.`,
  );
}
