import type { Assignment } from '../../state/assignment.ts';
import type { Reasons } from '../../state/decision-event.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Plan } from '../../state/plan.ts';

export interface AssignAction {
  readonly type: 'assign';
  readonly assignment: Assignment;
  readonly ifRevision: number;
  /** Absent where the same is only asked again. */
  readonly reasons?: Reasons;
}

export type Action =
  | AssignAction
  /** Tells people what would be done if they allowed it. */
  | { readonly type: 'propose'; readonly plan: Plan; readonly reasons: Reasons }
  /** It was carried out, or does not hold any more. */
  | {
      readonly type: 'withdraw';
      readonly planId: string;
      /** The node that it was about. */
      readonly nodeId: NodeId;
      readonly reasons: Reasons;
      readonly term: number;
      readonly ifRevision: number;
    };
