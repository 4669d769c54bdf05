import { datedWait } from '../../state/dated-wait.ts';
import type { Departure } from '../../state/departure.ts';
import { lookAgain, type Requeue } from '../../state/requeue.ts';
import { sameValue } from '../../state/same-value.ts';
import type { Action } from './action.ts';
import type { Step } from './course.ts';
import { demotion } from './decide-demote.ts';
import { retirement } from './decide-retire.ts';
import type { Observed, SponsoredDeparture, Withdrawn } from './observed.ts';
import { stateAfter, stops } from './stops.ts';
import { takeBackMarks } from './take-back.ts';

const LOOK_AGAIN_MS = 2_000;

/** What the sponsor does next for each node that leaves; nothing in a cluster that nobody leaves. */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const courses = observed.departures.map((departure) => {
    const isStopped = stops(departure);
    const step = isStopped ? undefined : nextStep(departure, observed);
    const state = isStopped ? 'taken-back' : stateAfter(departure, step);
    return { step, report: report(departure, { step, state }, observed) };
  });
  const actions = [
    ...observed.withdrawn.flatMap(takeBack),
    ...courses.flatMap(({ step, report: told }) => [...told, ...(step?.actions ?? [])]),
  ];
  const [waiting] = courses.flatMap(({ step }) => step?.waiting ?? []);
  const looks = waiting !== undefined || observed.mayNotActYet;
  return [...actions, ...lookAgain({ lookAgainMs: looks ? LOOK_AGAIN_MS : undefined, waiting })];
}

/** Undefined once the node has left. */
function nextStep(departure: SponsoredDeparture, observed: Observed): Step | undefined {
  const { of, cluster, successor } = departure;
  if ('unseen' in cluster) return { actions: [], waiting: cluster.unseen };
  if (successor !== undefined) {
    const message = `node ${successor} has a role under the name or an address of ${of.hostname}, so what is found there may be its own: take its role away first`;
    return { actions: [], waiting: { reason: 'contradiction', message } };
  }
  const situation = { ...departure, ...cluster, ...observed };
  return of.task === 'retire' ? retirement(situation) : demotion(situation);
}

/** The intent before the first step, then what it waits for, and the end once it was seen. */
function report(
  { of, entry }: SponsoredDeparture,
  { step, state }: { readonly step: Step | undefined; readonly state: Departure['state'] },
  { nodeId: by, wallMs }: Observed,
): readonly Action[] {
  const { nodeId, incarnation, operationId } = of;
  const before = entry?.value.operationId === operationId ? entry.value : undefined;
  const departure: Departure = {
    nodeId,
    incarnation,
    operationId,
    by,
    state,
    waiting: datedWait(step?.waiting, before?.waiting, wallMs),
  };
  if (before && sameValue(before, departure)) return [];
  return [{ type: 'report', departure, ifRevision: entry?.revision ?? 0 }];
}

/** The entry goes last: while it is there, somebody knows that there is something to take back. */
function takeBack({ entry, node, labels }: Withdrawn): readonly Action[] {
  const forget = { type: 'forget', nodeId: entry.key, ifRevision: entry.revision } as const;
  return [...takeBackMarks(node, labels), forget];
}
