import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';
import { freshMemory } from './memory.ts';
import { BASELINE, observe, REPAIRS } from './observe.ts';
import type { Observed } from './observed.ts';
import { reasonsOf } from './reasons.ts';
import { refuseOtherChange } from './refuse-other-change.ts';
import { bringToBear, carryOut } from './repair.ts';
import { withoutDue } from './repair-book.ts';

/**
 * Keeps a host, and what kubeadm keeps of the cluster, as operations of civitas left them: what people
 * or other tools changed is told, and put back where the spec says so; but not for ever, when somebody
 * changes it again each time.
 */
export function createDrift(clusterId: string): Controller<Observed, Action> {
  const memory = freshMemory();
  return {
    name: 'drift',
    scope: 'node',
    inputs: ['assignment', 'operation', 'order', 'spec', 'status', 'upkeep'],
    outputs: ['drift', 'event'],
    settledLookMs: 30_000,
    observe: (ports) => observe(ports, clusterId, memory),
    decide,
    act(action, ports) {
      // What is about to be written is read anew, whatever comes of it.
      memory.baseline = undefined;
      memory.book = undefined;
      return act(action, ports);
    },
  };
}

async function act(action: Action, ports: Ports): Promise<void> {
  const { durable, self, store } = ports;
  switch (action.type) {
    case 'keep-baseline':
      return durable.write(BASELINE, action.baseline);
    case 'remember':
      return durable.write(REPAIRS, action.book);
    case 'tell': {
      const { drift, ifRevision } = action;
      if (drift === null) return store.remove('drift', self.nodeId, ifRevision);
      await store.put('drift', self.nodeId, drift, ifRevision);
      return;
    }
    case 'repair':
      return repair(action, ports);
    case 'finish':
      await bringToBear(action.due, ports);
      return durable.write(REPAIRS, action.book);
  }
}

async function repair(action: Extract<Action, { type: 'repair' }>, ports: Ports): Promise<void> {
  const { finding, book } = action;
  const { durable, self } = ports;
  if (action.disturbs) refuseOtherChange(ports);
  const decided = {
    controller: 'drift',
    term: null,
    about: self.record,
    operationId: null,
    reasons: reasonsOf(finding, book),
  };
  await keepEvent(ports, decided, () => durable.write(REPAIRS, book));
  await carryOut(action.repair, ports);
  const due = book.items.find(({ item }) => item === finding.item)?.due;
  if (!due) return;
  await bringToBear(due, ports);
  await durable.write(REPAIRS, withoutDue(book, finding.item));
}
