import { inOrder, type Part, type Situation, type Step, waitFor } from './course.ts';
import { drain } from './decide-drain.ts';
import { leaveEtcd, trustEtcd } from './decide-etcd.ts';
import { etcdBeat } from './etcd-removal.ts';
import { isOutOfService } from './marks.ts';
import { beInService } from './take-back.ts';

/**
 * For so long the Node of a dead machine stays for its volumes: Kubernetes detaches them when it is
 * gone too, only later.
 */
const VOLUMES_WAIT_MS = 60_000;

/** A living node is emptied first; of a dead one Kubernetes is told so before its Node goes. */
export function retirement(situation: Situation): Step | undefined {
  switch (situation.of.life) {
    case 'unknown':
      return waitFor(lifeUnknown(situation));
    case 'alive':
      return inOrder([begun, trustEtcd, beInService, drain, leaveEtcd, deleteNode], situation);
    case 'dead':
      return inOrder([trustEtcd, beDead, leaveEtcd, outOfService, deleteNode], situation);
  }
}

/** A join that still runs there would become a member after the last one was removed. */
const begun: Part = ({ of }) => {
  if (of.hasBegun) return undefined;
  const message = `${of.hostname} lives and has not begun to leave: its agent ends what it does there first`;
  return waitFor({ reason: 'host-begins', message });
};

/** Volumes of a machine that may live are not free to be taken, so it is in service until the two agree. */
const beDead: Part = (situation) => {
  const { of, node, health } = situation;
  const beat = node?.beat ?? etcdBeat(of, health);
  if (beat === undefined) return undefined;
  const message = `${of.hostname} was found dead, and ${beat}: nothing is taken from it until the two agree; see whether its agent runs`;
  return { actions: [], ...beInService(situation), waiting: { reason: 'contradiction', message } };
};

const outOfService: Part = ({ of, node, outOfServiceForMs }) => {
  if (node === undefined) return undefined;
  if (!isOutOfService(node.marks)) return { actions: [{ type: 'declare-out-of-service', of }] };
  if (node.attachments.length === 0 || outOfServiceForMs >= VOLUMES_WAIT_MS) return undefined;
  const message = `volumes are still attached to ${of.hostname}, which is dead: they are detached within a minute, or without its Node`;
  return waitFor({ reason: 'draining', message });
};

const deleteNode: Part = ({ of, node }) =>
  node && { actions: [{ type: 'delete-node', of, uid: node.node.uid }] };

function lifeUnknown({ of }: Situation) {
  const message = `whether ${of.hostname} lives is not known: its agent answers, or it is found dead`;
  return { reason: 'liveness', message };
}
