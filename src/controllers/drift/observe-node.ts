import type { Ports } from '../../ports/index.ts';
import type { Assignment } from '../../state/assignment.ts';
import { answered } from './answered.ts';
import type { Memory } from './memory.ts';
import type { NodeView } from './observed.ts';

/** A kubelet that was just started registers its Node within seconds. */
const SURELY_ABSENT_MS = 30_000;

/** The host's Node, by what the API answers; where nobody answers nothing follows. */
export async function observeNode(
  ports: Ports,
  { role }: Assignment,
  memory: Memory,
): Promise<NodeView> {
  const { clock, kube, self, store } = ports;
  const isControlPlane = role === 'control-plane';
  const { hostname } = self.record;
  const node = await answered(kube.ownNode(hostname));
  // The leader takes Nodes of the dead away, and means it.
  const isAlive = store.get('liveness', self.nodeId)?.value.verdict === 'alive';
  const isMissing = node.state === 'answered' && node.value === undefined && isAlive;
  memory.absentSinceMs = isMissing ? (memory.absentSinceMs ?? clock.nowMs()) : undefined;
  const { absentSinceMs } = memory;
  const isAbsent = absentSinceMs !== undefined && clock.nowMs() - absentSinceMs >= SURELY_ABSENT_MS;
  const isThere = node.state === 'answered' && node.value !== undefined;
  return {
    isControlPlane,
    isAbsent,
    marks: isControlPlane && isThere ? await marksOf(ports) : undefined,
  };
}

/**
 * A copy of the log may be behind, and the marks gone as this host is a control plane no more: its member of
 * etcd goes before them, and with that its API server, so that is asked last (S4).
 */
async function marksOf({ kube, self }: Ports): Promise<NodeView['marks']> {
  const marks = await answered(kube.nodeMarks(self.record.hostname));
  const isServed = await kube.localApiServerReady();
  return isServed && marks.state === 'answered' ? marks.value : undefined;
}
