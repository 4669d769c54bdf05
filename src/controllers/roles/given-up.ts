import { readProgress } from '../../machines/operation-progress.ts';
import type { Entry } from '../../state/kinds.ts';
import type { LogEntries } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { WaitReason } from '../../state/status.ts';

type Operations = readonly Entry<'operation'>[];

/**
 * Nodes whose join failed for good. Their hosts were cleaned before that was written, so their places
 * are open again; they get no other, as what failed that often would fail again.
 */
export function givenUpNodes(
  { assignments }: LogEntries,
  operations: Operations,
): ReadonlySet<NodeId> {
  const gaveUp = operations.filter(
    ({ value }) => value.task !== 'init' && readProgress(value.snapshot)?.state === 'gave-up',
  );
  const ids = new Set(gaveUp.map(({ value }) => value.operationId));
  const joins = assignments.filter(({ value }) => ids.has(value.operationId));
  return new Set(joins.map(({ value }) => value.nodeId));
}

/** The log as if the nodes had never enrolled: nothing is asked of them, and nobody waits for them. */
export function withoutNodes(entries: LogEntries, left: ReadonlySet<NodeId>): LogEntries {
  const stays = ({ value }: { readonly value: { readonly nodeId: NodeId } }) =>
    !left.has(value.nodeId);
  return {
    nodes: entries.nodes.filter(stays),
    livenesses: entries.livenesses.filter(stays),
    statuses: entries.statuses.filter(stays),
    assignments: entries.assignments.filter(stays),
    departures: entries.departures.filter(stays),
    requests: entries.requests.filter(stays),
    orders: entries.orders?.filter(stays) ?? [],
    operations: entries.operations?.filter(stays) ?? [],
    drifts: entries.drifts?.filter(stays) ?? [],
    upkeeps: entries.upkeeps?.filter(stays) ?? [],
  };
}

/** Names each of them, and what it says of itself: the failure and its cure. */
export function givenUpWaits(
  { nodes, statuses }: LogEntries,
  left: ReadonlySet<NodeId>,
): readonly WaitReason[] {
  const passedOver = nodes.filter(({ value }) => left.has(value.nodeId));
  return passedOver.map(({ value: { nodeId, hostname } }) => {
    const status = statuses.find(({ value }) => value.nodeId === nodeId)?.value;
    const why = status?.waiting?.message ?? 'its join failed for good';
    return { reason: 'node-left-out', message: `${hostname} is passed over: ${why}` };
  });
}
