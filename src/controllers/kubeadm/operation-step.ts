import type { OperationEvent } from '../../machines/operation.ts';
import { advance, type Progress, writeProgress } from '../../machines/operation-progress.ts';
import type { Assignment } from '../../state/assignment.ts';
import type { Action } from './action.ts';
import type { Course, Waiting } from './course.ts';
import type { Observed } from './observed.ts';

/** One assignment, and how far its operation is. */
export interface Job {
  readonly observed: Observed;
  readonly assignment: Assignment;
  readonly progress: Progress;
}

/** Nothing but the entry that an event leads to; what follows from it is for the next pass. */
export function step(job: Job, event: OperationEvent): Course {
  return { phase: 'installing', ...failure(job), actions: [recordAfter(job, event)] };
}

/** Why the last attempt failed, for as long as that one is not done with. */
export function failure({ assignment, progress }: Job): { readonly waiting?: Waiting } {
  const { state, failures, reason } = progress;
  if (failures === 0 || (state !== 'failed' && state !== 'resetting')) return {};
  const times = failures === 1 ? 'once' : `${failures} times`;
  const message = `kubeadm failed ${times} (${assignment.task}); this host is cleaned and it is tried again: ${reason}`;
  return { waiting: { reason: 'kubeadm-failed', message } };
}

/** Writes how far the operation is after the event. */
export function recordAfter(job: Job, event: OperationEvent): Action {
  return record({ ...job, progress: advance(job.progress, event) });
}

/** Writes how far the operation is. */
export function record({ observed, assignment, progress }: Job): Action {
  const { operationId, term, task } = assignment;
  const { nodeId, incarnation } = observed;
  const snapshot = writeProgress(progress);
  return {
    type: 'record',
    operation: { operationId, nodeId, incarnation, term, task, snapshot },
    ifRevision: observed.operation?.revision ?? 0,
  };
}
