import type { Ports } from '../../ports/index.ts';
import type { Store } from '../../ports/store.ts';
import type { Controller } from '../../runtime/controller.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import { refuseLostTerm } from '../../state/fencing.ts';
import type { GenesisRecord } from '../../state/genesis-record.ts';
import { SINGLETON } from '../../state/kinds.ts';
import type { Liveness } from '../../state/liveness.ts';
import type { NodeId } from '../../state/node-id.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import type { Action, AssignAction } from './action.ts';
import { decide, type Observed } from './decide.ts';

/**
 * Gives every node its role, and takes it away. One per process: it remembers since when it has led,
 * and since when it has seen whom dead. `formed` gives the genesis record as it stands now.
 */
export function createRoles(formed: () => GenesisRecord): Controller<Observed, Action> {
  let terms: Sightings = new Map();
  let dead: Sightings = new Map();
  let missed: Sightings = new Map();

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

    async observe({ clock, leadership, leases, store }) {
      const term = leadership.term();
      const release = store.get('release', SINGLETON);
      const nowMs = clock.nowMs();
      terms = withSightings(terms, [String(term)], nowMs);
      dead = withSightings(dead, judged(store, ['dead']), nowMs);
      missed = withSightings(missed, judged(store, ['dead', 'suspect']), nowMs);
      return {
        term,
        leadership: store.get('leadership', SINGLETON),
        watchedMs: Math.min(seenForMs(terms, String(term), nowMs), leases.sinceLogFailoverMs()),
        spec: store.get('spec', SINGLETON)?.value,
        ...(release && { release: release.value }),
        firstControlPlane: formed().firstControlPlane,
        nodes: store.list('node'),
        livenesses: store.list('liveness'),
        assignments: store.list('assignment'),
        operations: store.list('operation'),
        statuses: store.list('status'),
        departures: store.list('departure'),
        requests: store.list('request'),
        orders: store.list('order'),
        drifts: store.list('drift'),
        plans: store.list('plan'),
        approvals: store.list('approval'),
        deadForMs: forMs(dead, store, nowMs),
        missedForMs: forMs(missed, store, nowMs),
      };
    },

    decide,

    async act(action, ports) {
      const { leadership, store } = ports;
      switch (action.type) {
        case 'assign':
          return assign(action, ports);
        case 'propose':
          refuseLostTerm(action.plan.term, leadership.term());
          await store.put('plan', action.plan.planId, action.plan, 0);
          return;
        case 'withdraw':
          refuseLostTerm(action.term, leadership.term());
          await store.remove('plan', action.planId, action.ifRevision);
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
  const hostname = store.get('node', nodeId)?.value.hostname ?? nodeId;
  const about = { nodeId, hostname };
  return keepEvent(ports, { controller: 'roles', term, about, operationId, reasons }, write);
}

/** Names of those with such a verdict; another incarnation is another one. */
function judged(
  store: Pick<Store, 'list'>,
  verdicts: readonly Liveness['verdict'][],
): readonly string[] {
  return store
    .list('liveness')
    .flatMap(({ value }) => (verdicts.includes(value.verdict) ? [nameOf(value)] : []));
}

/** For how long each node that is enrolled was seen so. */
function forMs(
  sightings: Sightings,
  store: Pick<Store, 'list'>,
  nowMs: number,
): ReadonlyMap<NodeId, number> {
  const seen = store.list('node').filter(({ value }) => sightings.has(nameOf(value)));
  return new Map(
    seen.map(({ value }) => [value.nodeId, seenForMs(sightings, nameOf(value), nowMs)]),
  );
}

function nameOf({ nodeId, incarnation }: Pick<Liveness, 'nodeId' | 'incarnation'>): string {
  return `${nodeId} ${incarnation}`;
}
