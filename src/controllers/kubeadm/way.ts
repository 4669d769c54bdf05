import type { Progress } from '../../machines/operation-progress.ts';
import type { Assignment } from '../../state/assignment.ts';

/**
 * How the attempt under way goes about what is asked. The first one of a promotion goes on under the
 * pods of the worker; when that failed, all later ones join a host that was cleaned.
 */
export function wayOf(assignment: Assignment, progress: Progress | undefined): Assignment {
  if (assignment.task !== 'promote' || !progress || progress.failures === 0) return assignment;
  return { ...assignment, task: 'join-control-plane' };
}
