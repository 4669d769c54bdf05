import type { Ports } from '../../ports/index.ts';
import { CONTROL_PLANE_LABELS, CONTROL_PLANE_TAINT } from '../../state/control-plane-marks.ts';
import type { Action } from './action.ts';
import { deletionReasons, keepWhatCame } from './because.ts';
import { moveLeader, removeMember, saveSnapshot } from './change-etcd.ts';
import { CORDON_MARK, OUT_OF_SERVICE, OUT_OF_SERVICE_MARK } from './marks.ts';
import type { Memory } from './memory.ts';
import type { Departing } from './observed.ts';
import { refuseUnasked } from './still-asked.ts';

export async function act(action: Action, ports: Ports, memory: Memory): Promise<void> {
  const { kube, store } = ports;
  switch (action.type) {
    case 'report':
      await store.put('departure', action.departure.nodeId, action.departure, action.ifRevision);
      return;
    case 'forget':
      return store.remove('departure', action.nodeId, action.ifRevision);
    case 'uncordon':
      return uncordon(action.node, ports);
    case 'put-into-service':
      return putIntoService(action.node, ports);
    default:
      await refuseUnasked(action.of, ports, memory);
  }
  switch (action.type) {
    case 'cordon':
      return cordon(action.of, ports);
    case 'evict':
      return evict(action, ports);
    case 'move-leader':
      return moveLeader(action.toId, ports);
    case 'save-snapshot':
      return saveSnapshot(action.of, action.memberId, ports);
    case 'remove-member':
      return removeMember(action.of, action.memberId, ports);
    case 'declare-out-of-service':
      return declareOutOfService(action.of, ports);
    case 'delete-node':
      await kube.deleteNode(action.of.hostname, action.uid);
      return keepWhatCame(action.of, deletionReasons(action.of), ports);
    case 'unmark-control-plane':
      return unmark(action.of, ports);
  }
}

/** The mark first: a cordon that carries none is taken for one of people, and stays. */
async function cordon({ hostname, operationId }: Departing, { kube }: Ports): Promise<void> {
  await kube.setLabels(hostname, { [CORDON_MARK]: operationId });
  await kube.setUnschedulable(hostname, true);
}

async function uncordon(node: string, { kube }: Ports): Promise<void> {
  await kube.setUnschedulable(node, false);
  await kube.setLabels(node, { [CORDON_MARK]: null });
}

async function declareOutOfService({ hostname, operationId }: Departing, { kube }: Ports) {
  await kube.setLabels(hostname, { [OUT_OF_SERVICE_MARK]: operationId });
  await kube.addTaint(hostname, OUT_OF_SERVICE);
}

async function putIntoService(node: string, { kube }: Ports): Promise<void> {
  await kube.removeTaint(node, OUT_OF_SERVICE);
  await kube.setLabels(node, { [OUT_OF_SERVICE_MARK]: null });
}

/** Looked at once more: for a pod that is gone the budget would pay all the same. A refusal is seen in the next pass. */
async function evict(
  { of, pod }: Extract<Action, { readonly type: 'evict' }>,
  { kube }: Ports,
): Promise<void> {
  const there = await kube.podsOn(of.hostname);
  if (there.some(({ uid, terminating }) => uid === pod.uid && !terminating)) await kube.evict(pod);
}

async function unmark({ hostname }: Departing, { kube }: Ports): Promise<void> {
  await kube.removeTaint(hostname, CONTROL_PLANE_TAINT);
  await kube.setLabels(
    hostname,
    Object.fromEntries(Object.keys(CONTROL_PLANE_LABELS).map((label) => [label, null])),
  );
}
