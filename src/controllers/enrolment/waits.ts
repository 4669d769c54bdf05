import type { Node } from '../../state/node.ts';
import type { Requeue } from '../../state/requeue.ts';
import { sharedIdentity } from '../../state/twins.ts';

const LOOK_AGAIN_MS = 5_000;

export function waitForTwin(record: Node, twin: Node): Requeue {
  const message =
    `this node (${record.nodeId}) has the ${sharedIdentity(record, twin)} of ${twin.hostname} ` +
    `(${twin.nodeId}) at ${twin.addresses[0]}, which may be alive: ${cureOf(record, twin)}`;
  return { type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting: { reason: 'twin-node', message } };
}

function cureOf(record: Node, twin: Node): string {
  if (record.hostname !== twin.hostname) {
    return 'give this machine its own machine-id (rm /etc/machine-id && systemd-machine-id-setup), or stop civitas there for 30 s';
  }
  if (record.machineIdHash !== twin.machineIdHash) {
    return 'give this machine another hostname, or stop civitas there for 30 s';
  }
  return 'if that was this machine before its disk was emptied, wait until it is known to be dead; else give this one another hostname and its own machine-id (rm /etc/machine-id && systemd-machine-id-setup)';
}

export function waitForFormerName(record: Node, enrolled: Node): Requeue {
  const { hostname } = enrolled;
  const message =
    `this machine is called ${record.hostname} now, and a Node of Kubernetes can not be renamed: ` +
    `call it ${hostname} again (hostnamectl set-hostname ${hostname}, or start civitas with ` +
    `--hostname ${hostname}); to keep the new name, then let it leave (civitas leave), empty its ` +
    'state directory and start civitas again, as a new node';
  return { type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting: { reason: 'renamed', message } };
}

export function waitAsOldCopy(record: Node, enrolled: Node): Requeue {
  const message =
    `this state directory is an old copy: it says incarnation ${record.incarnation} of node ` +
    `${record.nodeId}, which has enrolled as incarnation ${enrolled.incarnation} since; ` +
    'run `kubeadm reset`, empty it and start civitas under a new --hostname and machine id, as another node';
  return { type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting: { reason: 'old-copy', message } };
}
