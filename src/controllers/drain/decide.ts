import { datedWait } from '../../state/dated-wait.ts';
import type { DrainState } from '../../state/drain-state.ts';
import type { Entry } from '../../state/kinds.ts';
import { lookAgain, type Requeue } from '../../state/requeue.ts';
import { sameValue } from '../../state/same-value.ts';
import type { Action } from './action.ts';
import type { Course } from './course.ts';
import { emptying } from './decide-emptying.ts';
import { releaseAfterWork, releaseLeftover, releaseRecalled } from './decide-release.ts';
import type { Observed, SponsoredDrain } from './observed.ts';

const LOOK_AGAIN_MS = 1_000;

type Subject = Pick<DrainState, 'nodeId' | 'incarnation' | 'operationId'>;

/** What the sponsor does next for each node that gives its pods away; nothing where nobody is asked to. */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const leftovers = observed.leftovers.map((left) => ({
    of: left.entry.value,
    entry: left.entry,
    course: releaseLeftover(left),
  }));
  const drains = observed.drains
    .filter((drain) => !isLeft(drain, observed))
    .map((drain) => ({
      of: drain.of,
      entry: drain.entry,
      course: courseOf(drain, observed),
    }));
  const all = [...leftovers, ...drains];
  const actions = all.flatMap(({ of, entry, course }) => inOrder(of, entry, course, observed));
  const marks = observed.outdatedMarks.map(({ node, outdated }): Action => {
    return { type: outdated ? 'mark-outdated' : 'unmark-outdated', node };
  });
  const [waiting] = all.flatMap(({ course }) => course.waiting ?? []);
  const looks = waiting !== undefined || observed.mayNotActYet;
  return [
    ...actions,
    ...marks,
    ...lookAgain({ lookAgainMs: looks ? LOOK_AGAIN_MS : undefined, waiting }),
  ];
}

function courseOf(drain: SponsoredDrain, observed: Observed): Course {
  const { work, recalled } = drain.of;
  if (work !== 'under-way') return releaseAfterWork(drain);
  return recalled ? releaseRecalled(drain) : emptying(drain, observed);
}

/** What an earlier order left of the same node is taken back first: its entry tells of the cordon. */
function isLeft({ of }: SponsoredDrain, { unreleased }: Observed): boolean {
  return unreleased.some(({ nodeId }) => nodeId === of.nodeId);
}

/** `draining` is told before the first step, `released` after the last one. */
function inOrder(
  of: Subject,
  entry: Entry<'drain'> | undefined,
  course: Course,
  observed: Observed,
): readonly Action[] {
  const told = report(of, entry, course, observed);
  return course.state === 'released' ? [...course.actions, ...told] : [...told, ...course.actions];
}

function report(
  { nodeId, incarnation, operationId }: Subject,
  entry: Entry<'drain'> | undefined,
  { state, podsLeft, waiting }: Course,
  { nodeId: by, wallMs }: Observed,
): readonly Action[] {
  const before = entry?.value.operationId === operationId ? entry.value : undefined;
  const drain: DrainState = {
    nodeId,
    incarnation,
    operationId,
    by,
    state,
    podsLeft,
    waiting: datedWait(waiting, before?.waiting, wallMs),
  };
  if (before && sameValue(before, drain)) return [];
  return [{ type: 'report', drain, ifRevision: entry?.revision ?? 0 }];
}
