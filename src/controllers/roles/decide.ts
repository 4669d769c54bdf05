import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { isVoid } from '../../state/fencing.ts';
import type { Entry } from '../../state/kinds.ts';
import type { LogEntries, NodeFacts } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Release } from '../../state/release.ts';
import type { Requeue } from '../../state/requeue.ts';
import { orphanedJoins, rosterOf } from '../../state/roster.ts';
import { dealSponsors } from '../../state/sponsors.ts';
import type { WaitReason } from '../../state/status.ts';
import { wipedBy } from '../../state/wiped.ts';
import type { Action } from './action.ts';
import { founding, initOwners } from './decide-founding.ts';
import { growth } from './decide-growth.ts';
import { restoration } from './decide-restore.ts';
import { returns } from './decide-return.ts';
import { departing, soonest } from './depart.ts';
import { again, type Draft, draft, type Plan, withSponsor } from './draft.ts';
import { failedPromotions, fallingBack } from './failed-promotions.ts';
import { givenUpNodes, givenUpWaits, withoutNodes } from './given-up.ts';
import { proposals } from './proposals.ts';
import { plainReasons, reasonsForControlPlane } from './reasons.ts';
import { wayNow } from './way-now.ts';

const LOOK_AGAIN_MS = 5_000;
/** Whose agent is silent for so long sponsors nobody, whatever its host does. */
const MUTE_AFTER_MS = 30_000;
/** What a condition may hold. */
const MAX_MESSAGE_LENGTH = 1_000;

export interface Observed extends LogEntries {
  /** Undefined when this agent does not lead. */
  readonly term: number | undefined;
  readonly leadership: Entry<'leadership'> | undefined;
  /** For how long this leader has watched a log that worked. */
  readonly watchedMs: number;
  readonly spec: ClusterSpec | undefined;
  /** What newcomers get; absent before the first rollout. */
  readonly release?: Release;
  /** The choice of genesis. */
  readonly firstControlPlane: NodeId;
  readonly operations: readonly Entry<'operation'>[];
  readonly plans: readonly Entry<'plan'>[];
  readonly approvals: readonly Entry<'approval'>[];
  /** For how long this leader has seen each of them dead; absent: it is not. */
  readonly deadForMs: ReadonlyMap<NodeId, number>;
  /** The same of those that are not heard, dead or not. */
  readonly missedForMs: ReadonlyMap<NodeId, number>;
}

export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { term, spec } = observed;
  if (term === undefined || spec === undefined || !isUpToDate(term, observed)) return [];

  const assignments = observed.assignments.filter((entry) => !isVoid(entry, observed));
  const owners = initOwners(values(assignments), values(observed.operations));
  if (owners.length > 1) return wait([twoOwners(owners)]);

  const plan = planOf(term, spec, observed, assignments);
  const restored = restoration(plan, observed, assignments);
  if (restored.length > 0) return restored;
  const returned = returns(plan, observed);
  if (returned.length > 0) return returned;
  return plan.roster.controlPlanes.length === 0
    ? found(plan, owners[0], observed)
    : grow(plan, observed);
}

/** `assignments`: those that count. */
function planOf(
  term: number,
  spec: ClusterSpec,
  observed: Observed,
  assignments: Observed['assignments'],
): Plan {
  const entries = { ...observed, assignments };
  const givenUp = givenUpNodes(entries, observed.operations);
  const everAsked = [...observed.assignments, ...observed.operations];
  const roster = rosterOf(withoutNodes(entries, givenUp), spec.zones);
  return {
    term,
    spec,
    release: observed.release,
    roster,
    operationIds: everAsked.map(({ value }) => value.operationId),
    revisions: new Map(observed.assignments.map(({ key, revision }) => [key, revision])),
    passedOver: givenUpWaits(entries, givenUp),
    situation: {
      roster,
      wanted: spec,
      deadForMs: observed.deadForMs,
      judgedAt: new Map(observed.livenesses.map(({ key, revision }) => [key, revision])),
      mute: new Set(
        [...observed.missedForMs].flatMap(([id, forMs]) => (forMs >= MUTE_AFTER_MS ? [id] : [])),
      ),
      wiped: wipedBy(entries),
      failedPromotions: failedPromotions(entries, observed.operations),
      fallingBack: fallingBack(entries, observed.operations),
      approved: new Set(observed.approvals.map(({ key }) => key)),
    },
  };
}

function values<T>(entries: readonly { readonly value: T }[]): readonly T[] {
  return entries.map(({ value }) => value);
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
  return [withSponsor(plain(plan, answer.facts, 'init'), null)];
}

function grow(plan: Plan, observed: Observed): readonly (Action | Requeue)[] {
  const { roster, spec, passedOver } = plan;
  const { controlPlane, inPlace, workers, spares, waits } = growth(roster, spec, {
    heldBy: plan.release?.heldBy ?? null,
    way: wayNow(plan).way,
  });
  const leaving = departing(plan);
  const orphans = orphanedJoins(roster, plan.situation.mute);
  const joins: readonly Draft[] = [
    ...orphans.map(({ value, revision }) => again(plan, value, revision)),
    ...(controlPlane && leaving.actions.length === 0
      ? [newControlPlane(plan, controlPlane, inPlace ? 'promote' : 'join-control-plane')]
      : []),
    ...workers.map((facts) => plain(plan, facts, 'join-worker')),
  ];
  const busy = roster.joins
    .filter((entry) => !orphans.includes(entry))
    .map(({ value: { sponsor } }) => sponsor);
  const dealt = dealSponsors(joins, roster.sponsors, busy);

  return [
    ...proposals(plan, leaving, observed.plans, newestRevision(observed)),
    ...leaving.actions,
    ...dealt.map(({ join, sponsor }) => withSponsor(join, sponsor)),
    ...spares.map((facts) => withSponsor(plain(plan, facts, 'stand-by'), null)),
    ...wait(
      [...leaving.waits.map((each) => each.wait), ...waits, ...passedOver],
      soonest(leaving, LOOK_AGAIN_MS),
    ),
  ];
}

function newControlPlane(
  plan: Plan,
  facts: NodeFacts,
  task: 'join-control-plane' | 'promote',
): Draft {
  return draft(plan, facts, task, reasonsForControlPlane(plan.roster, facts, task));
}

function plain(plan: Plan, facts: NodeFacts, task: 'init' | 'join-worker' | 'stand-by'): Draft {
  return draft(plan, facts, task, plainReasons(facts, task));
}

/** What the decision was made from. */
function newestRevision(observed: Observed): number {
  const { nodes, livenesses, statuses, assignments } = observed;
  const entries = [...nodes, ...livenesses, ...statuses, ...assignments];
  return Math.max(0, ...entries.map(({ revision }) => revision));
}

function twoOwners(owners: readonly NodeId[]): WaitReason {
  const message = `init was given to ${owners.join(' and ')}: stop civitas on the one without a cluster for good`;
  return { reason: 'frozen', message };
}

/** One condition of all that is waited for; none when nothing is. */
function wait(waits: readonly WaitReason[], afterMs = LOOK_AGAIN_MS): readonly Requeue[] {
  const [first] = waits;
  if (first === undefined) return [];
  const message = waits.map((each) => each.message).join('; ');
  const waiting = { reason: first.reason, message: message.slice(0, MAX_MESSAGE_LENGTH) };
  return [{ type: 'requeue', afterMs, waiting }];
}
