import { readProgress } from '../../machines/operation-progress.ts';
import type { Ports } from '../../ports/index.ts';
import type { Assignment } from '../../state/assignment.ts';
import { isSettledCopy } from '../../state/settled-copy.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import type { Join, Observed } from './decide.ts';

/** What the controller keeps from pass to pass: only since when it has seen each token. */
export interface Memory {
  sightings: Sightings;
}

export async function observe(ports: Ports, memory: Memory): Promise<Observed> {
  const { clock, leases, self, store } = ports;
  const serves = isServingControlPlane(ports);
  const enrolled = store.get('node', self.nodeId) !== undefined;
  return {
    nodeId: self.nodeId,
    serves,
    settled: isSettledCopy(leases.sinceLogFailoverMs(), enrolled),
    wallMs: clock.wallMs(),
    joins: store.list('assignment').flatMap(({ value }) => joinOf(value, ports) ?? []),
    entries: store.list('handover'),
    tokens: serves ? await ownTokens(ports, memory) : [],
  };
}

function isServingControlPlane({ self, store }: Ports): boolean {
  const status = store.get('status', self.nodeId)?.value;
  if (status?.incarnation !== self.incarnation) return false;
  return status.phase === 'serving' && status.role === 'control-plane';
}

async function ownTokens({ clock, kube }: Ports, memory: Memory): Promise<Observed['tokens']> {
  const nowMs = clock.nowMs();
  const ids = (await kube.bootstrapTokens()).filter(({ ours }) => ours).map(({ id }) => id);
  memory.sightings = withSightings(memory.sightings, ids, nowMs);
  return ids.map((id) => ({ id, seenForMs: seenForMs(memory.sightings, id, nowMs) }));
}

/**
 * A join is asked for by the entry of its operation, which the joining node writes when all else
 * is ready: so no token lives longer than it must, however long a host lacks something.
 */
function joinOf(assignment: Assignment, { self, store }: Ports): Join | undefined {
  const { nodeId, incarnation, operationId, task, sponsor } = assignment;
  if (sponsor !== self.nodeId) return undefined;
  if (task !== 'join-control-plane' && task !== 'join-worker') return undefined;

  const node = store.get('node', nodeId)?.value;
  const operation = store.get('operation', operationId)?.value;
  if (node?.incarnation !== incarnation || operation?.nodeId !== nodeId) return undefined;
  const state = readProgress(operation.snapshot)?.state;
  if (state === 'succeeded' || state === 'gave-up') return undefined;
  return { nodeId, operationId, task, sealKey: node.sealKey };
}
