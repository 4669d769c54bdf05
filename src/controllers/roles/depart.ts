import type { NodeId } from '../../state/node-id.ts';
import type { Requeue } from '../../state/requeue.ts';
import { orphanedDepartures, type Roster } from '../../state/roster.ts';
import type { AssignAction } from './action.ts';
import { fallback } from './decide-fallback.ts';
import { rejoin } from './decide-rejoin.ts';
import { replacement } from './decide-replacement.ts';
import { fewerControlPlanes, fewerWorkers } from './decide-shrink.ts';
import { again, type Draft, draft, type Plan, withSponsor } from './draft.ts';
import type { Answer } from './situation.ts';
import { wayNow } from './way-now.ts';

/** Who goes, and what that waits for. */
export interface Departing {
  readonly actions: readonly AssignAction[];
  readonly waits: readonly Extract<Answer, { type: 'wait' }>[];
}

/**
 * At most one node leaves Kubernetes at a time, seen off by a control plane that stays (S6). What another
 * sponsor had begun goes on under a new one.
 */
export function departing(plan: Plan): Departing {
  const { roster, situation } = plan;
  const first = replacement(situation) ?? fewerControlPlanes(situation);
  const second =
    first?.type === 'go'
      ? undefined
      : (fallback(situation) ?? fewerWorkers(situation) ?? rejoin(roster, plan.spec, wayNow(plan)));
  const answers = [first, second];
  const leavers = answers.flatMap((answer) => (answer?.type === 'go' ? [answer.leaver] : []));
  const drafts = [
    ...orphanedDepartures(roster, situation.mute).map(({ value, revision }) =>
      again(plan, value, revision),
    ),
    ...leavers.map(({ facts, task, reasons }) => draft(plan, facts, task, reasons)),
  ];
  return {
    actions: drafts.flatMap((each) => seenOff(each, sponsorsFor(roster))),
    waits: answers.flatMap((answer) => (answer?.type === 'wait' ? [answer] : [])),
  };
}

/** Whoever sees to a departure sees to the next one as well, so that no two members go at a time. */
function sponsorsFor({ departing, sponsors }: Roster): readonly NodeId[] {
  const busy = departing.flatMap(({ value: { sponsor } }) => sponsor ?? []);
  return sponsors.toSorted((a, b) => Number(busy.includes(b)) - Number(busy.includes(a)));
}

/** Nobody sees to its own departure. */
function seenOff(draft: Draft, sponsors: readonly NodeId[]): readonly AssignAction[] {
  const [sponsor] = sponsors.filter((nodeId) => nodeId !== draft.assignment.nodeId);
  return sponsor === undefined ? [] : [withSponsor(draft, sponsor)];
}

/** When the first of the waits may be over. */
export function soonest({ waits }: Departing, otherwiseMs: number): Requeue['afterMs'] {
  return Math.min(otherwiseMs, ...waits.flatMap(({ afterMs }) => afterMs ?? []));
}
