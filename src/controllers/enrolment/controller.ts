import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import { type Action, decide, type Observed } from './decide.ts';
import { findLocalVolumes } from './find-local-volumes.ts';

/** What is told of volumes changes after minutes: a hint, which may be about anybody, is no reason to look. */
const LOOK_MS = 30_000;

/**
 * Writes who this node is into the log, unless a living node is that already (S16). One per process: it
 * remembers since when pods on this host have used local volumes, or have not.
 */
export function createEnrolment(): Controller<Observed, Action> {
  let findings: Sightings = new Map();
  let inUse: boolean | undefined;
  let lookedMs = Number.NEGATIVE_INFINITY;

  async function lookAtVolumes({ files }: Pick<Ports, 'files'>, nowMs: number): Promise<void> {
    if (nowMs - lookedMs < LOOK_MS) return;
    lookedMs = nowMs;
    inUse = await findLocalVolumes(files);
    findings = withSightings(findings, inUse === undefined ? [] : [String(inUse)], nowMs);
  }

  return {
    name: 'enrolment',
    scope: 'node',
    inputs: ['node', 'liveness', 'assignment', 'departure'],
    outputs: ['node'],
    settledLookMs: 60_000,

    async observe(ports) {
      const { clock, leases, observers, self, store } = ports;
      const nowMs = clock.nowMs();
      await lookAtVolumes(ports, nowMs);
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
