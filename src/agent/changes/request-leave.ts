import { keepEvent } from '../../runtime/keep-event.ts';
import { newestRevision } from '../../runtime/newest-revision.ts';
import type { Written } from '../../state/local-changes.ts';
import { refuseLeave } from '../../state/refuse-leave.ts';
import type { Request } from '../../state/request.ts';
import { factsIn, ownFacts } from '../own-facts.ts';
import type { ChangePorts } from './change-ports.ts';
import { presentSpec } from './present-spec.ts';

/**
 * Asks for this node to give its place up; once asked, the same answer again. Rejects with
 * `leave.not-enrolled`, and as `refuseLeave` throws.
 */
export async function requestLeave(ports: ChangePorts): Promise<Written> {
  const { clock, missed, self, store } = ports;
  const leaving = ownFacts(store, self.nodeId);
  const { nodeId, incarnation, hostname } = leaving.node;
  const standing = store.get('request', nodeId);
  const summary = `${hostname} was asked to leave`;
  if (standing && leaving.leaving) return { revision: standing.revision, summary };

  const { value: spec } = presentSpec(store);
  refuseLeave(leaving, { facts: factsIn(store, missed), spec, revision: newestRevision(store) });
  const askedWallMs = Math.round(clock.wallMs());
  const request: Request = { type: 'leave', nodeId, incarnation, askedWallMs };
  const reasons = { action: 'leave', summary, guards: [], rejected: [] };
  const decided = {
    controller: 'people',
    term: null,
    about: leaving.node,
    operationId: null,
    reasons,
  };
  const revision = await keepEvent(ports, decided, () =>
    store.put('request', nodeId, request, standing?.revision ?? 0),
  );
  return { revision, summary };
}
