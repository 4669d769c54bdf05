import type { Assignment } from '../../state/assignment.ts';

export interface Action {
  readonly type: 'assign';
  readonly assignment: Assignment;
  readonly ifRevision: number;
}
