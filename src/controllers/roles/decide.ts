import type { Requeue } from '../../runtime/controller.ts';
import type { Assignment, Role, Task } from '../../state/assignment.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { Entry } from '../../state/kinds.ts';
import type { LogEntries, NodeFacts } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import { nextOperationId } from '../../state/operation-id.ts';
import { orphanedJoins, type Roster, rosterOf } from '../../state/roster.ts';
import { dealSponsors } from '../../state/sponsors.ts';
import type { WaitReason } from '../../state/status.ts';
import { founding, initOwners } from './decide-founding.ts';
import { growth } from './decide-growth.ts';

const LOOK_AGAIN_MS = 5_000;
/** What a condition may hold. */
const MAX_MESSAGE_LENGTH = 1_000;

const ROLE_OF: Readonly<Record<Task, Role>> = {
  init: 'control-plane',
  'join-control-plane': 'control-plane',
  'join-worker': 'worker',
  'stand-by': 'spare',
};

export interface Observed extends LogEntries {
  /** Undefined when this agent does not lead. */
  readonly term: number | undefined;
  readonly leadership: Entry<'leadership'> | undefined;
  /** For how long this leader has watched a log that worked. */
  readonly watchedMs: number;
  readonly spec: ClusterSpec | undefined;
  /** The choice of genesis. */
  readonly firstControlPlane: NodeId;
  readonly operations: readonly Entry<'operation'>[];
}

export interface Action {
  readonly type: 'assign';
  readonly assignment: Assignment;
  readonly ifRevision: number;
}

interface Plan {
  readonly term: number;
  readonly spec: ClusterSpec;
  readonly roster: Roster;
  /** Of every operation there ever was. */
  readonly operationIds: readonly string[];
}

/** An action but for the one who hands over the keys. */
type Draft = Omit<Action, 'assignment'> & { readonly assignment: Omit<Assignment, 'sponsor'> };

export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { term, spec } = observed;
  if (term === undefined || spec === undefined || !isUpToDate(term, observed)) return [];

  const assignments = observed.assignments.map(({ value }) => value);
  const operations = observed.operations.map(({ value }) => value);
  const owners = initOwners(assignments, operations);
  if (owners.length > 1) return wait([twoOwners(owners)]);

  const roster = rosterOf(observed, spec.zones);
  const operationIds = [...assignments, ...operations].map(({ operationId }) => operationId);
  const plan: Plan = { term, spec, roster, operationIds };
  return roster.controlPlanes.length === 0 ? found(plan, owners[0], observed) : grow(plan);
}

// The leader's own entry is younger than all that earlier leaders wrote while they led: a copy
// that has it has all of theirs. A higher term anywhere means that another one leads.
function isUpToDate(term: number, { leadership, assignments }: Observed): boolean {
  return leadership?.revision === term && assignments.every((entry) => entry.value.term <= term);
}

function found(
  plan: Plan,
  owner: NodeId | undefined,
  { firstControlPlane, watchedMs }: Observed,
): readonly (Action | Requeue)[] {
  const { candidates } = plan.roster;
  const answer = founding({ owner, firstControlPlane, watchedMs, candidates });
  if (answer.type === 'wait') return wait([answer.wait]);
  return [withSponsor(draft(plan, answer.facts, 'init'), null)];
}

function grow(plan: Plan): readonly (Action | Requeue)[] {
  const { roster, spec } = plan;
  const { controlPlane, workers, spares, waits } = growth(roster, spec);
  const orphans = orphanedJoins(roster);
  const joins: readonly Draft[] = [
    ...orphans.map(({ value, revision }) => again(plan, value, revision)),
    ...(controlPlane ? [draft(plan, controlPlane, 'join-control-plane')] : []),
    ...workers.map((facts) => draft(plan, facts, 'join-worker')),
  ];
  const busy = roster.joins
    .filter((entry) => !orphans.includes(entry))
    .map(({ value: { sponsor } }) => sponsor);
  const dealt = dealSponsors(joins, roster.sponsors, busy);

  return [
    ...dealt.map(({ join, sponsor }) => withSponsor(join, sponsor)),
    ...spares.map((facts) => withSponsor(draft(plan, facts, 'stand-by'), null)),
    ...wait(waits),
  ];
}

function draft(plan: Plan, { node, assignment }: NodeFacts, task: Task): Draft {
  const { nodeId, incarnation } = node;
  const { term, roster, spec, operationIds } = plan;
  // A newcomer gets what the cluster runs: a newer version in the spec is for the upgrade to bring (S7).
  const [present] = roster.controlPlanes;
  return {
    type: 'assign',
    ifRevision: assignment?.revision ?? 0,
    assignment: {
      nodeId,
      incarnation,
      term,
      operationId: nextOperationId(task, nodeId, operationIds),
      role: ROLE_OF[task],
      task,
      kubernetesVersion: present?.kubernetesVersion ?? spec.kubernetesVersion,
    },
  };
}

/** The same operation under a new sponsor. */
function again({ term }: Plan, assignment: Assignment, ifRevision: number): Draft {
  return { type: 'assign', ifRevision, assignment: { ...assignment, term } };
}

function withSponsor({ assignment, ...action }: Draft, sponsor: NodeId | null): Action {
  return { ...action, assignment: { ...assignment, sponsor } };
}

function twoOwners(owners: readonly NodeId[]): WaitReason {
  const message = `init was given to ${owners.join(' and ')}: stop civitas on the one without a cluster for good`;
  return { reason: 'frozen', message };
}

/** One condition of all that is waited for; none when nothing is. */
function wait(waits: readonly WaitReason[]): readonly Requeue[] {
  const [first] = waits;
  if (first === undefined) return [];
  const message = waits.map((each) => each.message).join('; ');
  const waiting = { reason: first.reason, message: message.slice(0, MAX_MESSAGE_LENGTH) };
  return [{ type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting }];
}
