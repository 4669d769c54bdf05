import type { Ports } from '../../ports/index.ts';
import { clockDisagreement } from '../../state/clock-agreement.ts';
import { isKubeletLockedOut, kubeletHandover } from '../../state/kubelet-credentials.ts';
import type { LeafCertificates } from '../../state/leaf-certificates.ts';
import type { NodeId } from '../../state/node-id.ts';
import { answeringKeeper } from '../../state/sponsorship.ts';
import type { Join } from './observed.ts';

/** One token for each loss: the next one is of another certificate. */
const ONLY_ATTEMPT = 1;

/**
 * Nodes that serve, and whose kubelets nobody lets in any more, as their certificates are over: each
 * gets a token as if it joined anew. Seen to by one control plane, and by none whose clock may be wrong or
 * whose own certificates may be over as well.
 */
export function lostKubelets(ports: Ports): readonly Join[] {
  const { clock, self, store } = ports;
  const wallMs = clock.wallMs();
  const lost = store
    .list('certificates')
    .map(({ value }) => value)
    .filter(({ leaves }) => isKubeletLockedOut(leaves, wallMs))
    .filter(({ nodeId }) => answeringKeeper(giverTo(nodeId, store), store) === self.nodeId);
  if (lost.length === 0 || doubtsClock(ports)) return [];
  return lost.flatMap((entry) => joinOf(entry, ports));
}

/** Who gave it a token already: another one would only have it begin anew. */
function giverTo(nodeId: NodeId, store: Ports['store']): NodeId | undefined {
  const given = store.get('handover', nodeId)?.value;
  return given?.operationId === kubeletHandover(nodeId) ? given.sponsor : undefined;
}

function joinOf({ nodeId, incarnation }: LeafCertificates, { store }: Ports): readonly Join[] {
  const node = store.get('node', nodeId)?.value;
  const status = store.get('status', nodeId)?.value;
  if (node?.incarnation !== incarnation || status?.incarnation !== incarnation) return [];
  if (status.phase !== 'serving' || isDead(nodeId, store)) return [];
  const { sealKey, hostname, addresses } = node;
  return [
    {
      nodeId,
      operationId: kubeletHandover(nodeId),
      task: 'join-worker',
      sealKey,
      hostname,
      addresses,
      attempt: ONLY_ATTEMPT,
      awaitsKeys: true,
    },
  ];
}

function doubtsClock({ observers, store }: Ports): boolean {
  const clocks = observers.clocks().filter(({ nodeId }) => !isDead(nodeId, store));
  return clockDisagreement(clocks) !== undefined;
}

function isDead(nodeId: NodeId, store: Ports['store']): boolean {
  return store.get('liveness', nodeId)?.value.verdict === 'dead';
}
