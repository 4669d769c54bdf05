import type { Assignment, Role, Task } from '../../state/assignment.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { Reasons } from '../../state/decision-event.ts';
import type { Node } from '../../state/node.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Operation } from '../../state/operation.ts';
import { nextOperationId } from '../../state/operation-id.ts';
import type { Release } from '../../state/release.ts';
import type { Roster } from '../../state/roster.ts';
import type { WaitReason } from '../../state/status.ts';
import type { AssignAction } from './action.ts';
import type { Situation } from './situation.ts';

export const ROLE_OF: Readonly<Record<Task, Role>> = {
  init: 'control-plane',
  'join-control-plane': 'control-plane',
  'join-worker': 'worker',
  'stand-by': 'spare',
  promote: 'control-plane',
  demote: 'worker',
  retire: 'spare',
};

/** What the drafts of one pass go by. */
export interface Plan {
  readonly term: number;
  readonly spec: ClusterSpec;
  /** Undefined before the first rollout. */
  readonly release: Release | undefined;
  readonly roster: Roster;
  /** Of every operation there ever was. */
  readonly operationIds: readonly string[];
  /** Of the assignments as they stand, void ones included. */
  readonly revisions: ReadonlyMap<NodeId, number>;
  /** What is said of nodes that the roster leaves out. */
  readonly passedOver: readonly WaitReason[];
  readonly situation: Situation;
}

/** An action but for the one who hands over the keys. */
export type Draft = Omit<AssignAction, 'assignment'> & {
  readonly assignment: Omit<Assignment, 'sponsor'>;
};

/** Asks a node for what it was not asked before. */
export function draft(plan: Plan, { node }: NodeFacts, task: Task, reasons: Reasons): Draft {
  const { nodeId, incarnation } = node;
  const { term, operationIds, revisions } = plan;
  return {
    type: 'assign',
    ifRevision: revisions.get(nodeId) ?? 0,
    reasons,
    assignment: {
      nodeId,
      incarnation,
      term,
      operationId: nextOperationId(task, nodeId, operationIds),
      role: ROLE_OF[task],
      task,
      ...releaseFor(plan),
    },
  };
}

/** A newcomer gets what the cluster runs: a newer version in the spec is for a rollout to bring (S7). */
export function releaseFor({
  release,
  roster,
  spec,
}: Plan): Pick<Assignment, 'kubernetesVersion' | 'kubeletVersion'> {
  if (release) {
    const { controlPlane, kubelet } = release;
    return {
      kubernetesVersion: controlPlane,
      ...(kubelet !== controlPlane && { kubeletVersion: kubelet }),
    };
  }
  const [present] = roster.controlPlanes;
  return { kubernetesVersion: present?.kubernetesVersion ?? spec.kubernetesVersion };
}

/** The same operation under a new sponsor. */
export function again({ term }: Plan, assignment: Assignment, ifRevision: number): Draft {
  return { type: 'assign', ifRevision, assignment: { ...assignment, term } };
}

interface Before {
  readonly node: Node;
  readonly role: Role;
  /** The operation by which it came to serve. */
  readonly served: Pick<Operation, 'operationId' | 'task'>;
  readonly ifRevision: number;
  readonly summary: string;
}

/** The role that a node has by what it did before. */
export function asBefore(plan: Plan, before: Before): AssignAction {
  const { node, role, served, ifRevision, summary } = before;
  const { nodeId, incarnation } = node;
  const { operationId, task } = served;
  return {
    type: 'assign',
    ifRevision,
    reasons: { action: 'restore', summary, guards: [], rejected: [] },
    assignment: {
      nodeId,
      incarnation,
      term: plan.term,
      operationId,
      role,
      task,
      // Nobody hands anything over any more: it serves.
      sponsor: null,
      ...releaseFor(plan),
    },
  };
}

export function withSponsor(
  { assignment, ...action }: Draft,
  sponsor: NodeId | null,
): AssignAction {
  return { ...action, assignment: { ...assignment, sponsor } };
}
