import type { Role, Task } from '../../../state/assignment.ts';
import type { NodeId } from '../../../state/node-id.ts';
import type { WaitReason } from '../../../state/status.ts';
import type { AssignAction } from '../action.ts';
import { decide, type Observed } from '../decide.ts';
import { carriedOut, underWay } from './carried-out.ts';

/** One change of a role that a leader would ask for. */
export interface RoleStep {
  readonly nodeId: NodeId;
  readonly hostname: string;
  readonly task: Task;
  /** Null: it has none yet. */
  readonly from: Role | null;
  readonly to: Role;
  /** It gives its pods away before. */
  readonly drains: boolean;
  readonly why: string;
}

export interface RoleProjection {
  /** In the order in which they would be asked for. */
  readonly steps: readonly RoleStep[];
  /** What keeps more from following once all these are done; null: nothing does. */
  readonly wait: WaitReason | null;
}

/** Nobody has so many nodes to change; a projection that came round to its beginning would go on for ever. */
const MOST_STEPS = 1_000;

/**
 * What the leader would ask of whom, one decision after the other, if everything that is under way and
 * everything it asks for ended well, and whoever is dead stayed so. Pure, and changes nothing.
 */
export function projectRoles(observed: Observed): RoleProjection {
  const steps: RoleStep[] = [];
  let now = underWay(observed).reduce(carriedOut, observed);
  while (steps.length < MOST_STEPS) {
    const answers = decide(now);
    const asked = answers.flatMap((each) => (each.type === 'assign' ? [each] : []));
    if (asked.length === 0) {
      const wait = answers.find((each) => each.type === 'requeue' && each.waiting);
      return { steps, wait: (wait?.type === 'requeue' && wait.waiting) || null };
    }
    steps.push(...asked.flatMap((action) => stepOf(action, now)));
    now = asked.map(({ assignment }) => assignment).reduce(carriedOut, now);
  }
  return { steps, wait: null };
}

/** None where the same is only asked again. */
function stepOf({ assignment, reasons }: AssignAction, before: Observed): readonly RoleStep[] {
  const { nodeId, task, role } = assignment;
  if (!reasons) return [];
  const { hostname } = before.nodes.find(({ key }) => key === nodeId)?.value ?? {};
  const present = before.assignments.find(({ key }) => key === nodeId)?.value;
  const isDead = before.deadForMs.has(nodeId);
  return [
    {
      nodeId,
      hostname: hostname ?? nodeId,
      task,
      from: present?.role ?? null,
      to: role,
      drains: task === 'retire' && !isDead,
      why: reasons.summary,
    },
  ];
}
