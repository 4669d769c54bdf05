import type { Ports } from '../../ports/index.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import type { Reasons } from '../../state/decision-event.ts';
import type { Cordoned } from './action.ts';
import type { Ask } from './observed.ts';

/** Kept once it came about: what a guard held back is told as a wait. */
export function keepWhatCame(of: Cordoned, reasons: Reasons, ports: Ports): Promise<void> {
  const { nodeId, hostname, operationId } = of;
  const about = { nodeId, hostname };
  const decided = { controller: 'drain', term: null, about, operationId, reasons };
  return keepEvent(ports, decided, async () => {});
}

export function cordonReasons({ hostname, task }: Ask): Reasons {
  const purpose = task === 'drain' ? 'as people asked' : `before its ${task}`;
  return {
    action: 'drain',
    summary: `${hostname} was cordoned to be drained, ${purpose}`,
    guards: [
      passed('no-deadlock', 'no PodDisruptionBudget keeps a pod there for good'),
      passed('not-the-last', 'it is not the last control plane that serves'),
      passed('one-order', 'no node waits to take pods again after an order that is gone'),
    ],
    rejected: [],
  };
}

export function releaseReasons({ hostname }: Cordoned, why: string): Reasons {
  const summary = `${hostname} takes pods again: ${why}`;
  return { action: 'uncordon', summary, guards: [], rejected: [] };
}

function passed(name: string, message: string) {
  return { name, passed: true, message };
}
