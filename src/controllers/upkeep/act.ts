import type { Ports } from '../../ports/index.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import type { Reasons } from '../../state/decision-event.ts';
import { refuseLostTerm } from '../../state/fencing.ts';
import { SINGLETON } from '../../state/kinds.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Action, OrderAction } from './action.ts';
import { refuseOtherChange } from './refuse-other-change.ts';

/** Carries out one action, if this agent still leads in the term that it was decided in (S10). */
export async function act(action: Action, ports: Ports): Promise<void> {
  const { leadership, store } = ports;
  switch (action.type) {
    case 'plan': {
      const { rollout, reasons } = action;
      return decided(ports, { term: rollout.term, reasons }, () =>
        store.put('rollout', rollout.planId, rollout, 0),
      );
    }
    case 'note': {
      const { progress, ifRevision, reasons } = action;
      return decided(ports, { term: progress.term, reasons }, () =>
        store.put('progress', progress.planId, progress, ifRevision),
      );
    }
    case 'order':
      return give(action, ports);
    case 'release':
      refuseLostTerm(action.release.term, leadership.term());
      await store.put('release', SINGLETON, action.release, action.ifRevision);
      return;
    case 'withdraw':
      refuseLostTerm(action.term, leadership.term());
      return store.remove('order', action.nodeId, action.ifRevision);
    case 'forget':
      refuseLostTerm(action.term, leadership.term());
      return store.remove(action.kind, action.planId, action.ifRevision);
  }
}

async function give({ order, ifRevision, reasons }: OrderAction, ports: Ports): Promise<void> {
  const { store } = ports;
  const { term, nodeId, operationId } = order;
  // The same order under another sponsor begins nothing.
  if (reasons) refuseOtherChange(order, store);
  const what = { term, reasons, nodeId, operationId };
  return decided(ports, what, () => store.put('order', nodeId, order, ifRevision));
}

interface What {
  readonly term: number;
  readonly reasons: Reasons | undefined;
  /** Absent for the cluster. */
  readonly nodeId?: NodeId;
  readonly operationId?: string;
}

async function decided(
  ports: Ports,
  { term, reasons, nodeId, operationId = undefined }: What,
  write: () => Promise<unknown>,
): Promise<void> {
  const { leadership, store } = ports;
  if (!reasons) {
    refuseLostTerm(term, leadership.term());
    await write();
    return;
  }
  const hostname = nodeId && (store.get('node', nodeId)?.value.hostname ?? nodeId);
  const about = nodeId && hostname ? { nodeId, hostname } : null;
  const kept = { controller: 'upkeep', term, about, operationId: operationId ?? null, reasons };
  await keepEvent(ports, kept, write);
}
