import type { Controller } from '../../runtime/controller.ts';
import { type Action, decide, type Observed } from './decide.ts';

/** Writes who this node is into the log, unless a living node is that already (S16). */
export const enrolment: Controller<Observed, Action> = {
  name: 'enrolment',
  scope: 'node',
  inputs: ['node', 'liveness', 'assignment', 'departure'],
  outputs: ['node'],
  settledLookMs: 60_000,

  async observe({ leases, self, store }) {
    return {
      record: self.record,
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
