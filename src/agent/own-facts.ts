import { RetryableError } from '../errors.ts';
import type { Store } from '../ports/store.ts';
import { newestRevision } from '../runtime/newest-revision.ts';
import { type NodeFacts, nodeFacts } from '../state/node-facts.ts';
import type { NodeId } from '../state/node-id.ts';
import { withoutMissed } from './present-livenesses.ts';

/**
 * Everything the log says of all nodes, as the local copy has it; those whom this agent has reason to
 * miss are suspected, whatever it says.
 */
export function factsIn(
  store: Pick<Store, 'list'>,
  missed: ReadonlySet<NodeId>,
): ReadonlyMap<NodeId, NodeFacts> {
  return nodeFacts({
    nodes: store.list('node'),
    livenesses: withoutMissed(store.list('liveness'), missed),
    statuses: store.list('status'),
    assignments: store.list('assignment'),
    departures: store.list('departure'),
    requests: store.list('request'),
  });
}

/** RetryableError `leave.not-enrolled` for a node that the log does not know. */
export function ownFacts(store: Pick<Store, 'list'>, self: NodeId): NodeFacts {
  const facts = factsIn(store, new Set()).get(self);
  if (facts) return facts;
  throw new RetryableError(
    'leave.not-enrolled',
    `This node is not enrolled at revision ${newestRevision(store)}, so there is nothing to leave: stop civitas and it is gone.`,
  );
}
