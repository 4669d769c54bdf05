import { attemptOf, type Progress, readProgress } from '../../machines/operation-progress.ts';
import type { Assignment } from '../../state/assignment.ts';
import { hasDeparted, isDeparture } from '../../state/departure.ts';
import { type AssignmentLog, isVoid } from '../../state/fencing.ts';
import type { Entry } from '../../state/kinds.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Operation } from '../../state/operation.ts';
import type { Intent } from './observed.ts';

export interface IntentLog extends AssignmentLog {
  readonly nodes: readonly Entry<'node'>[];
  readonly departures: readonly Entry<'departure'>[];
}

/** An intent, and which attempt of its operation runs or ended last. */
export interface Underway {
  readonly intent: Omit<Intent, 'endedForMs'>;
  readonly attempt: string;
  readonly running: boolean;
}

const OVER: readonly Progress['state'][] = ['succeeded', 'gave-up'];

/**
 * Operations under way that a member of etcd may belong to. One that the node has not begun is under way
 * too, and so is one of which a newer agent wrote how far it is.
 */
export function underway(log: IntentLog, self: NodeId): readonly Underway[] {
  return log.assignments
    .filter((entry) => !isVoid(entry, log))
    .flatMap(({ value }) => underwayOf(value, log, self) ?? []);
}

/** Whether kubeadm ended without success, and its host has not begun to clean itself. */
export function hasEnded(operation: Operation | undefined): boolean {
  const progress = operation && readProgress(operation.snapshot);
  if (progress?.state !== 'verifying' && progress?.state !== 'failed') return false;
  return progress.outcome !== 'succeeded';
}

function underwayOf(assignment: Assignment, log: IntentLog, self: NodeId): Underway | undefined {
  const { nodeId, operationId, task, sponsor } = assignment;
  const node = log.nodes.find(({ key }) => key === nodeId)?.value;
  if (!node || !isOfMembers(task)) return undefined;
  const operation = log.operations.find(({ key }) => key === operationId)?.value;
  const progress = operation && readProgress(operation.snapshot);
  const isOver = isDeparture(task)
    ? log.departures.some(({ value }) => hasDeparted(assignment, value))
    : node.incarnation !== assignment.incarnation || OVER.includes(progress?.state ?? 'intended');
  if (isOver) return undefined;
  const { hostname, addresses } = node;
  const attempt = progress ? attemptOf(progress) : 0;
  const sponsored = sponsor === self;
  const ended = hasEnded(operation);
  return {
    intent: {
      nodeId,
      hostname,
      addresses,
      operationId,
      task,
      sponsored,
      ended,
    },
    attempt: `${operationId}/${attempt}`,
    running: progress?.state === 'running',
  };
}

function isOfMembers(task: Assignment['task']): task is Intent['task'] {
  return ['join-control-plane', 'promote', 'retire', 'demote'].includes(task);
}
