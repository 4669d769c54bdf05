import type { Controller } from '../../runtime/controller.ts';
import { refuseLostTerm } from '../../state/fencing.ts';
import type { GenesisRecord } from '../../state/genesis-record.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import type { Action } from './action.ts';
import { decide, type Observed } from './decide.ts';

/**
 * Gives every node its role. One per process: it remembers since when it has led. `formed` gives
 * the genesis record as it stands now.
 */
export function createRoles(formed: () => GenesisRecord): Controller<Observed, Action> {
  let terms: Sightings = new Map();

  return {
    name: 'roles',
    scope: 'leader',
    inputs: ['spec', 'node', 'liveness', 'leadership', 'assignment', 'operation', 'status'],
    outputs: ['assignment'],

    async observe({ clock, leadership, leases, store }) {
      const term = leadership.term();
      const nowMs = clock.nowMs();
      terms = withSightings(terms, [String(term)], nowMs);
      return {
        term,
        leadership: store.get('leadership', SINGLETON),
        watchedMs: Math.min(seenForMs(terms, String(term), nowMs), leases.sinceLogFailoverMs()),
        spec: store.get('spec', SINGLETON)?.value,
        firstControlPlane: formed().firstControlPlane,
        nodes: store.list('node'),
        livenesses: store.list('liveness'),
        assignments: store.list('assignment'),
        operations: store.list('operation'),
        statuses: store.list('status'),
      };
    },

    decide,

    async act({ assignment, ifRevision }, { leadership, store }) {
      refuseLostTerm(assignment.term, leadership.term());
      await store.put('assignment', assignment.nodeId, assignment, ifRevision);
    },
  };
}
