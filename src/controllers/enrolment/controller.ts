import type { Controller } from '../../runtime/controller.ts';
import { type Action, decide, type Observed } from './decide.ts';

/** Writes who this node is into the log, unless a living node is that already (S16). */
export const enrolment: Controller<Observed, Action> = {
  name: 'enrolment',
  scope: 'node',
  inputs: ['node'],
  outputs: ['node'],

  async observe({ leases, self, store }) {
    return {
      record: self.record,
      nodes: store.list('node'),
      leases: leases.list(),
      watchedMs: leases.sinceLogFailoverMs(),
    };
  },

  decide,

  async act({ record, ifRevision }, { store }) {
    await store.put('node', record.nodeId, record, ifRevision);
  },
};
