import { RetryableError } from '../../errors.ts';
import type { EtcdChange } from '../../ports/etcd.ts';
import type { Ports } from '../../ports/index.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import { CONTROL_PLANE_LABELS, CONTROL_PLANE_TAINT } from '../../state/control-plane-marks.ts';
import type { Action } from './action.ts';
import { hasEnded } from './intents.ts';

type Of<T extends Action['type']> = Extract<Action, { readonly type: T }>;

const NOT_IN_SYNC = 'in sync with leader';

export async function act(action: Action, ports: Ports): Promise<void> {
  switch (action.type) {
    case 'promote-learner':
      return promote(action, ports);
    case 'mark-control-plane':
      return keep(action, ports, () => mark(action, ports));
    case 'drop-learner':
      return drop(action, ports);
    case 'update-peer-url':
      return keep(action, ports, async () => {
        accepted(action, await ports.etcd.updatePeerUrl(action.memberId, action.peerUrl));
      });
  }
}

/** Tried again and again until the learner is in sync: only what came of it is worth an event. */
async function promote(action: Of<'promote-learner'>, ports: Ports): Promise<void> {
  const { clock, etcd, store } = ports;
  const { memberId, operationId, untilMs } = action;
  const waits = hasEnded(store.get('operation', operationId ?? '')?.value);
  if (!store.synced || !waits || clock.nowMs() > untilMs) return;
  const change = await etcd.promoteMember(memberId);
  if (change.outcome === 'refused' && change.text.includes(NOT_IN_SYNC)) return;
  accepted(action, change);
  await keep(action, ports, async () => {});
}

/** A learner that became a voter meanwhile is somebody's after all. */
async function drop(action: Of<'drop-learner'>, ports: Ports): Promise<void> {
  const { memberId } = action;
  const members = (await ports.etcd.members()) ?? [];
  if (!members.some(({ id, learner }) => id === memberId && learner)) return;
  await keep(action, ports, async () => {
    accepted(action, await ports.etcd.removeMember(memberId));
  });
}

/** The label comes last: it is what others go by. */
async function mark({ hostname }: Of<'mark-control-plane'>, { kube }: Ports): Promise<void> {
  await kube.addTaint(hostname, CONTROL_PLANE_TAINT);
  await kube.setLabels(hostname, CONTROL_PLANE_LABELS);
}

function keep(action: Action, ports: Ports, write: () => Promise<void>): Promise<void> {
  const { about, operationId, reasons } = action;
  return keepEvent(ports, { controller: 'etcd', term: null, about, operationId, reasons }, write);
}

function accepted({ type, reasons }: Action, change: EtcdChange): void {
  if (change.outcome === 'done') return;
  throw new RetryableError(
    'etcd.change-refused',
    `etcd refused to ${type} (${change.text}) although ${reasons.summary}: it is tried again, so bring back whatever member is missing`,
  );
}
