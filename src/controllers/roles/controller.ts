import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import type { Reasons } from '../../state/decision-event.ts';
import { refuseLostTerm } from '../../state/fencing.ts';
import type { GenesisRecord } from '../../state/genesis-record.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { logEntries } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import { NO_VERDICTS, verdictAges, withVerdicts } from '../../state/verdict-ages.ts';
import type { Action, AssignAction } from './action.ts';
import { decide, type Observed } from './decide.ts';

/**
 * Gives every node its role, and takes it away. One per process: it remembers since when it has led,
 * and since when it has seen whom dead. `formed` gives the genesis record as it stands now.
 */
export function createRoles(formed: () => GenesisRecord): Controller<Observed, Action> {
  let terms: Sightings = new Map();
  let verdicts = NO_VERDICTS;

  return {
    name: 'roles',
    scope: 'leader',
    inputs: [
      'spec',
      'node',
      'liveness',
      'leadership',
      'assignment',
      'operation',
      'status',
      'departure',
      'request',
      'approval',
      'order',
      'drift',
      'release',
    ],
    turn: 'cluster-change',
    outputs: ['assignment', 'plan', 'event'],
    settledLookMs: 60_000,

    async observe({ clock, leadership, leases, store }) {
      const term = leadership.term();
      const release = store.get('release', SINGLETON);
      const nowMs = clock.nowMs();
      terms = withSightings(terms, [String(term)], nowMs);
      verdicts = withVerdicts(verdicts, store, nowMs);
      return {
        ...logEntries(store),
        term,
        leadership: store.get('leadership', SINGLETON),
        watchedMs: Math.min(seenForMs(terms, String(term), nowMs), leases.sinceLogFailoverMs()),
        spec: store.get('spec', SINGLETON)?.value,
        ...(release && { release: release.value }),
        firstControlPlane: formed().firstControlPlane,
        plans: store.list('plan'),
        approvals: store.list('approval'),
        ...verdictAges(verdicts, store, nowMs),
      };
    },

    decide,

    async act(action, ports) {
      const { store } = ports;
      switch (action.type) {
        case 'assign':
          return assign(action, ports);
        case 'propose': {
          const { plan, reasons } = action;
          return decided(ports, { ...plan, operationId: null, reasons }, async () => {
            await store.put('plan', plan.planId, plan, 0);
          });
        }
        case 'withdraw':
          return decided(ports, { ...action, operationId: null }, () =>
            store.remove('plan', action.planId, action.ifRevision),
          );
      }
    },
  };
}

async function assign(action: AssignAction, ports: Ports): Promise<void> {
  const { leadership, store } = ports;
  const { assignment, ifRevision, reasons } = action;
  const { nodeId, term, operationId } = assignment;
  const write = async () => {
    await store.put('assignment', nodeId, assignment, ifRevision);
  };
  if (!reasons) {
    refuseLostTerm(term, leadership.term());
    return write();
  }
  return decided(ports, { nodeId, term, operationId, reasons }, write);
}

interface What {
  readonly nodeId: NodeId;
  readonly term: number;
  readonly operationId: string | null;
  readonly reasons: Reasons;
}

function decided(
  ports: Ports,
  { nodeId, term, operationId, reasons }: What,
  write: () => Promise<void>,
): Promise<void> {
  const hostname = ports.store.get('node', nodeId)?.value.hostname ?? nodeId;
  const about = { nodeId, hostname };
  return keepEvent(ports, { controller: 'roles', term, about, operationId, reasons }, write);
}
