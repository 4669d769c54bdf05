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
  const asksMarks = isControlPlane && node.state === 'answered' && node.value !== undefined;
  const marks = asksMarks ? await answered(kube.nodeMarks(hostname)) : undefined;
  return {
    isControlPlane,
    isAbsent,
    marks: marks?.state === 'answered' ? marks.value : undefined,
  };
}
