import { TerminalError } from '../../errors.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import { newestRevision } from '../../runtime/newest-revision.ts';
import { drainAskSchema, type Written } from '../../state/local-changes.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import { type DrainContext, nodeToDrain, refuseDrain } from '../../state/refuse-drain.ts';
import type { Request } from '../../state/request.ts';
import { factsIn } from '../own-facts.ts';
import type { ChangePorts } from './change-ports.ts';
import { readBody } from './read-body.ts';

/**
 * Asks for a node to give its pods away until that is taken back; once asked, the same answer again.
 * Rejects with `agent.bad-request`, and as `nodeToDrain` and `refuseDrain` throw.
 */
export async function requestDrain(body: unknown, ports: ChangePorts): Promise<Written> {
  const { clock, store } = ports;
  const context = contextIn(ports);
  const asked = nodeToDrain(readBody(drainAskSchema, body).node, context);
  const { nodeId, incarnation, hostname } = asked.node;
  const summary = `${hostname} was asked to give its pods away`;
  const standing = store.get('request', nodeId);
  const isAsked = standing?.value.type === 'drain' && standing.value.incarnation === incarnation;
  if (isAsked) return { revision: standing.revision, summary };

  refuseDrain(asked, context);
  const askedWallMs = Math.round(clock.wallMs());
  const request: Request = { type: 'drain', nodeId, incarnation, askedWallMs };
  const revision = await keepEvent(ports, decided('drain', asked, summary), () =>
    store.put('request', nodeId, request, standing?.revision ?? 0),
  );
  return { revision, summary };
}

/** Takes that back. Also rejects with TerminalError `drain.not-requested`. */
export async function withdrawDrain(body: unknown, ports: ChangePorts): Promise<Written> {
  const { store } = ports;
  const context = contextIn(ports);
  const asked = nodeToDrain(readBody(drainAskSchema, body).node, context);
  const { nodeId, hostname } = asked.node;
  const standing = store.get('request', nodeId);
  if (standing?.value.type !== 'drain') {
    throw new TerminalError(
      'drain.not-requested',
      `Nobody asked for ${hostname} to be drained, judged at revision ${context.revision}: a cordon of a rollout ends with its step, and one by hand with \`kubectl uncordon ${hostname}\`.`,
    );
  }
  const summary = `${hostname} may take pods again`;
  await keepEvent(ports, decided('uncordon', asked, summary), () =>
    store.remove('request', nodeId, standing.revision),
  );
  return { revision: newestRevision(store), summary };
}

function contextIn({ missed, store }: ChangePorts): DrainContext {
  return { facts: factsIn(store, missed), revision: newestRevision(store) };
}

function decided(action: string, { node: about }: NodeFacts, summary: string) {
  const reasons = { action, summary, guards: [], rejected: [] };
  return { controller: 'people', term: null, about, operationId: null, reasons };
}
