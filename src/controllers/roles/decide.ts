import type { Requeue } from '../../runtime/controller.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { isVoid } from '../../state/fencing.ts';
import type { Entry } from '../../state/kinds.ts';
import type { LogEntries } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import { orphanedJoins, rosterOf } from '../../state/roster.ts';
import { dealSponsors } from '../../state/sponsors.ts';
import type { WaitReason } from '../../state/status.ts';
import type { Action } from './action.ts';
import { founding, initOwners } from './decide-founding.ts';
import { growth } from './decide-growth.ts';
import { again, type Draft, draft, type Plan, withSponsor } from './draft.ts';
import { givenUpNodes, givenUpWaits, withoutNodes } from './given-up.ts';

const LOOK_AGAIN_MS = 5_000;
/** What a condition may hold. */
const MAX_MESSAGE_LENGTH = 1_000;

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

export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { term, spec } = observed;
  if (term === undefined || spec === undefined || !isUpToDate(term, observed)) return [];

  const assignments = observed.assignments.filter((entry) => !isVoid(entry, observed));
  const owners = initOwners(values(assignments), values(observed.operations));
  if (owners.length > 1) return wait([twoOwners(owners)]);

  const plan = planOf(term, spec, observed, assignments);
  return plan.roster.controlPlanes.length === 0 ? found(plan, owners[0], observed) : grow(plan);
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
  return {
    term,
    spec,
    roster: rosterOf(withoutNodes(entries, givenUp), spec.zones),
    operationIds: everAsked.map(({ value }) => value.operationId),
    revisions: new Map(observed.assignments.map(({ key, revision }) => [key, revision])),
    passedOver: givenUpWaits(entries, givenUp),
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
  return [withSponsor(draft(plan, answer.facts, 'init'), null)];
}

function grow(plan: Plan): readonly (Action | Requeue)[] {
  const { roster, spec, passedOver } = plan;
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
    ...wait([...waits, ...passedOver]),
  ];
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
