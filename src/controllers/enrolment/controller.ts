import type { Controller } from '../../runtime/controller.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import { type Action, decide, type Observed } from './decide.ts';
import { findLocalVolumes } from './find-local-volumes.ts';

/**
 * Writes who this node is into the log, unless a living node is that already (S16). One per process: it
 * remembers since when pods on this host have used local volumes, or have not.
 */
export function createEnrolment(): Controller<Observed, Action> {
  let findings: Sightings = new Map();

  return {
    name: 'enrolment',
    scope: 'node',
    inputs: ['node', 'liveness', 'assignment', 'departure'],
    outputs: ['node'],
    settledLookMs: 60_000,

    async observe({ clock, files, leases, observers, self, store }) {
      const inUse = await findLocalVolumes(files);
      const nowMs = clock.nowMs();
      findings = withSightings(findings, inUse === undefined ? [] : [String(inUse)], nowMs);
      return {
        record: self.record,
        roundTripMs: observers.roundTripMs(),
        localVolumes:
          inUse === undefined
            ? undefined
            : { inUse, forMs: seenForMs(findings, String(inUse), nowMs) },
        nodes: store.list('node'),
        livenesses: store.list('liveness'),
        leases: leases.list(),
        watchedMs: leases.sinceLogFailoverMs(),
        assignment: store.get('assignment', self.nodeId)?.value,
        departure: store.get('departure', self.nodeId)?.value,
      };
    },

    decide,

    async act({ record, ifRevision }, { store }) {
      await store.put('node', record.nodeId, record, ifRevision);
    },
  };
}
