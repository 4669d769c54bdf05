import { RetryableError } from '../errors.ts';
import type { Entry } from './kinds.ts';

/**
 * Refuses a decision of one term when the agent leads in another one, or in none, by now (S10).
 * Throws RetryableError `leadership.lost`. Called right before each write of a leader.
 */
export function refuseLostTerm(decidedIn: number, leadsIn: number | undefined): void {
  if (decidedIn === leadsIn) return;
  const now = leadsIn === undefined ? 'this agent does not lead' : `it leads in term ${leadsIn}`;
  throw new RetryableError(
    'leadership.lost',
    `a decision of term ${decidedIn} was dropped because ${now} now: whoever leads decides again`,
  );
}

/** What of the log tells whether an assignment counts. */
export interface AssignmentLog {
  readonly leadership: Entry<'leadership'> | undefined;
  readonly assignments: readonly Entry<'assignment'>[];
  readonly operations: readonly Entry<'operation'>[];
}

/**
 * Whether a leader that had been deposed wrote the assignment, and the node has not begun it. Nobody
 * obeys such an assignment, and it is void for whoever leads.
 *
 * 1. A term is the revision of the entry that began it, so all of the log stands in one order. A leader
 *    looks whether it leads before it writes (`refuseLostTerm`), and the write may still land later:
 *    behind the entry of its successor, and behind what that one decided without it.
 * 2. So an assignment of term `t` at revision `r` was late if and only if a term began between the two:
 *    `t < term < r`. Terms known to have begun are that of the present leader and those that the
 *    assignments carry. Nothing that was written in time is ever late, as no term lies between.
 * 3. A copy of the log follows its order, so whoever has revision `r` has every term before it, and a
 *    leader decides only once it has its own: on the same log, node and leader come to the same answer.
 * 4. An operation is recorded only for an assignment that counted, so one that the node has begun
 *    stays its own: a late write can have changed no more of it than its sponsor.
 *
 * What remains is late writes that count for a while. Their writer reads them itself before the entry
 * that deposed it; and when its successor is deposed in turn, `leadership` tells of a later term only,
 * so that a late write counts again unless an assignment of the term between still stands. Both can put
 * one more join beside another, which etcd serialises (one learner), ask a node that serves for a join
 * that it refuses (`role-change`), or give a second node the `init`. That one runs nothing: the
 * operation `init` is created once in the log, by compare-and-swap (S2).
 */
export function isLate(entry: Entry<'assignment'>, log: AssignmentLog): boolean {
  const { nodeId, term } = entry.value;
  if (nodeThatBegan(entry, log) === nodeId) return false;
  return begunTerms(log).some((begun) => term < begun && begun < entry.revision);
}

/**
 * Whether an assignment counts for nothing with whoever leads: it is late, or another node has begun
 * its operation, so that this one never can. It makes nobody an owner of `init` and no change of the
 * control plane; the leader may write over it by compare-and-swap on its revision.
 */
export function isVoid(entry: Entry<'assignment'>, log: AssignmentLog): boolean {
  const owner = nodeThatBegan(entry, log) ?? entry.value.nodeId;
  return owner !== entry.value.nodeId || isLate(entry, log);
}

function nodeThatBegan({ value }: Entry<'assignment'>, { operations }: AssignmentLog) {
  const begun = operations.find((each) => each.value.operationId === value.operationId);
  return begun?.value.nodeId;
}

function begunTerms({ leadership, assignments }: AssignmentLog): readonly number[] {
  const terms = assignments.map(({ value }) => value.term);
  return leadership ? [leadership.revision, ...terms] : terms;
}
