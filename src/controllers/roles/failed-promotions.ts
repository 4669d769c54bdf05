import { lastAsked } from '../../machines/last-served.ts';
import { readProgress } from '../../machines/operation-progress.ts';
import type { Entry } from '../../state/kinds.ts';
import type { LogEntries } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';

type Operations = readonly Entry<'operation'>[];

/**
 * Nodes that were to become control planes under their pods, each with why that failed. Their hosts stand
 * still, with whatever of a control plane came about, until something else is asked of them.
 */
export function failedPromotions(
  { assignments }: Pick<LogEntries, 'assignments'>,
  operations: Operations,
): ReadonlyMap<NodeId, string> {
  return new Map(
    assignments.flatMap(({ value }) => {
      const operation = operations.find(({ key }) => key === value.operationId);
      const reason = operation && failureOf(operation);
      const isOwn = operation?.value.nodeId === value.nodeId;
      return isOwn && reason !== undefined ? [[value.nodeId, reason]] : [];
    }),
  );
}

/** Nodes that were asked to leave Kubernetes as the last thing they tried was such a promotion, and failed. */
export function fallingBack(
  { assignments }: Pick<LogEntries, 'assignments'>,
  operations: Operations,
): ReadonlySet<NodeId> {
  const leavers = assignments.filter(({ value }) => value.task === 'retire');
  const fell = leavers.filter(({ value }) => {
    const operation = lastAsked(value, operations);
    return operation !== undefined && failureOf(operation) !== undefined;
  });
  return new Set(fell.map(({ value }) => value.nodeId));
}

function failureOf({ value: { task, snapshot } }: Entry<'operation'>): string | undefined {
  const progress = task === 'promote' ? readProgress(snapshot) : undefined;
  return progress?.state === 'failed' ? (progress.reason ?? '') : undefined;
}
