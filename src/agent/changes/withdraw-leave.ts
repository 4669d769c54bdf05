import { lastServed } from '../../machines/last-served.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import { newestRevision } from '../../runtime/newest-revision.ts';
import { type StayAnswer, stayAskSchema } from '../../state/local-changes.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import { departureToStop, nodeToStay } from '../../state/refuse-stay.ts';
import type { Request } from '../../state/request.ts';
import { factsIn } from '../own-facts.ts';
import type { ChangePorts } from './change-ports.ts';
import { readBody } from './read-body.ts';

/**
 * Takes it back that a node leaves, this one unless another one is named. Before the leader has begun
 * with it nothing is left of the request; else whoever sees to the departure is asked to stop it, and
 * says in `departure` what came of that; once asked, the same answer again. Rejects with
 * `agent.bad-request`, and as `nodeToStay` and `departureToStop` throw.
 */
export async function withdrawLeave(body: unknown, ports: ChangePorts): Promise<StayAnswer> {
  const { clock, missed, self, store } = ports;
  const context = {
    facts: factsIn(store, missed),
    departures: store.list('departure'),
    revision: newestRevision(store),
  };
  const asked = nodeToStay(readBody(stayAskSchema, body).node ?? self.nodeId, context);
  const { nodeId, incarnation, hostname } = asked.node;
  const standing = store.get('request', nodeId);
  const summary = `${hostname} was asked to stay`;
  const before = standing && askedBefore(standing.value, asked);
  if (before) return { revision: standing.revision, summary, nodeId, operationId: before };

  const canGoBack = lastServed(asked.node, store.list('operation')) !== undefined;
  const operationId = departureToStop(asked, canGoBack, context);
  const reasons = { action: 'stay', summary, guards: [], rejected: [] };
  const decided = { controller: 'people', term: null, about: asked.node, operationId, reasons };
  const ifRevision = standing?.revision ?? 0;
  if (operationId === null) {
    await keepEvent(ports, decided, () => store.remove('request', nodeId, ifRevision));
    return { revision: newestRevision(store), summary, nodeId, operationId };
  }
  const askedWallMs = Math.round(clock.wallMs());
  const request: Request = { type: 'stay', nodeId, incarnation, askedWallMs, operationId };
  const revision = await keepEvent(ports, decided, () =>
    store.put('request', nodeId, request, ifRevision),
  );
  return { revision, summary, nodeId, operationId };
}

/** The departure that was asked to stop already, as it still stands. */
function askedBefore({ type, operationId }: Request, { assignment }: NodeFacts) {
  const isStanding = type === 'stay' && assignment?.value.operationId === operationId;
  return isStanding ? operationId : undefined;
}
