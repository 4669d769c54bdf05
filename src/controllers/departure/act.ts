import type { Ports } from '../../ports/index.ts';
import { cordon, evictOnce, uncordon } from '../../runtime/empty-node.ts';
import { keepSnapshot } from '../../runtime/keep-snapshot.ts';
import { CONTROL_PLANE_LABELS, CONTROL_PLANE_TAINT } from '../../state/control-plane-marks.ts';
import type { Action } from './action.ts';
import { deletionReasons, keepWhatCame } from './because.ts';
import { moveLeader, removeMember } from './change-etcd.ts';
import { OUT_OF_SERVICE, OUT_OF_SERVICE_MARK } from './marks.ts';
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
      return uncordon(action.node, kube);
    case 'put-into-service':
      return putIntoService(action.node, ports);
    default:
      await refuseUnasked(action.of, ports, memory);
  }
  switch (action.type) {
    case 'cordon':
      return cordon(action.of.hostname, action.of.operationId, kube);
    case 'evict':
      return evictOnce(action.of.hostname, action.pod, kube);
    case 'move-leader':
      return moveLeader(action.toId, ports);
    case 'save-snapshot':
      return keepSnapshot(`${action.of.operationId}-${action.memberId}`, ports);
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

async function declareOutOfService({ hostname, operationId }: Departing, { kube }: Ports) {
  await kube.setLabels(hostname, { [OUT_OF_SERVICE_MARK]: operationId });
  await kube.addTaint(hostname, OUT_OF_SERVICE);
}

async function putIntoService(node: string, { kube }: Ports): Promise<void> {
  await kube.removeTaint(node, OUT_OF_SERVICE);
  await kube.setLabels(node, { [OUT_OF_SERVICE_MARK]: null });
}

async function unmark({ hostname }: Departing, { kube }: Ports): Promise<void> {
  await kube.removeTaint(hostname, CONTROL_PLANE_TAINT);
  await kube.setLabels(
    hostname,
    Object.fromEntries(Object.keys(CONTROL_PLANE_LABELS).map((label) => [label, null])),
  );
}
