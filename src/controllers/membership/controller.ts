import type { Controller } from '../../runtime/controller.ts';
import { refuseLostTerm } from '../../state/fencing.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import { type Action, decide, type Observed } from './decide.ts';

/** Judges which nodes live. One per process: it remembers since when it has led. */
export function createMembership(): Controller<Observed, Action> {
  let terms: Sightings = new Map();

  return {
    name: 'membership',
    scope: 'leader',
    inputs: ['node', 'liveness'],
    outputs: ['liveness'],

    async observe({ clock, leadership, leases, self, store }) {
      const term = leadership.term();
      const nowMs = clock.nowMs();
      terms = withSightings(terms, [String(term)], nowMs);
      return {
        self: self.nodeId,
        term,
        watchedMs: Math.min(seenForMs(terms, String(term), nowMs), leases.sinceLogFailoverMs()),
        nodes: store.list('node').map(({ value }) => value),
        leases: leases.list(),
        livenesses: store.list('liveness'),
      };
    },

    decide,

    async act({ term, liveness, ifRevision }, { leadership, store }) {
      refuseLostTerm(term, leadership.term());
      await store.put('liveness', liveness.nodeId, liveness, ifRevision);
    },
  };
}
