import { readProgress } from '../../machines/operation-progress.ts';
import { isVoid } from '../../state/fencing.ts';
import type { Entry } from '../../state/kinds.ts';

interface Entries {
  readonly assignments: readonly Entry<'assignment'>[];
  readonly operations?: readonly Entry<'operation'>[];
  readonly leadership?: Entry<'leadership'> | undefined;
}

/**
 * Assignments that say where a node has its place: not those that a deposed leader wrote too late, nor
 * joins that failed for good, whose hosts were cleaned.
 */
export function countingAssignments(entries: Entries): readonly Entry<'assignment'>[] {
  const { assignments, operations = [], leadership } = entries;
  const log = { assignments, operations, leadership };
  const gaveUp = new Set(
    operations
      .filter(({ value }) => value.task !== 'init')
      .filter(({ value }) => readProgress(value.snapshot)?.state === 'gave-up')
      .map(({ value }) => value.operationId),
  );
  return assignments.filter((entry) => !isVoid(entry, log) && !gaveUp.has(entry.value.operationId));
}
