import type { Reasons } from '../../state/decision-event.ts';
import type { Entry } from '../../state/kinds.ts';
import { isLost } from '../../state/roster.ts';
import type { Action } from './action.ts';
import type { Departing } from './depart.ts';
import type { Plan } from './draft.ts';
import type { Proposal } from './situation.ts';

/** Tells of what waits for people, and takes back what does not wait any more. */
export function proposals(
  plan: Plan,
  departing: Departing,
  known: readonly Entry<'plan'>[],
  revision: number,
): readonly Action[] {
  const { term } = plan;
  const wanted = departing.waits.flatMap(({ proposal }) => proposal ?? []);
  const isWanted = (planId: string) => wanted.some((each) => each.planId === planId);
  const isKnown = (planId: string) => known.some(({ key }) => key === planId);
  return [
    ...known
      .filter(({ key }) => !isWanted(key))
      .map((entry): Action => {
        const { planId, nodeId } = entry.value;
        const reasons = takenBack(planId, whyOver(entry.value, departing, plan));
        return { type: 'withdraw', planId, nodeId, term, ifRevision: entry.revision, reasons };
      }),
    ...wanted
      .filter(({ planId }) => !isKnown(planId))
      .map((each): Action => {
        return { type: 'propose', plan: planFor(each, term, revision), reasons: each.reasons };
      }),
  ];
}

function planFor({ planId, facts, candidate, summary }: Proposal, term: number, revision: number) {
  const { nodeId, incarnation } = facts.node;
  return {
    planId,
    term,
    action: 'replace',
    nodeId,
    incarnation,
    candidate,
    summary,
    revision,
  } as const;
}

function takenBack(planId: string, why: string): Reasons {
  return {
    action: 'withdraw-plan',
    summary: `the plan ${planId} waits for nobody any more: ${why}`,
    guards: [],
    rejected: [],
  };
}

/** Why nobody has to approve it any more. */
function whyOver(
  { nodeId }: Entry<'plan'>['value'],
  { actions, waits }: Departing,
  { roster }: Plan,
): string {
  if (actions.some(({ assignment }) => assignment.nodeId === nodeId)) return 'it is carried out';
  const newer = waits.find(({ proposal }) => proposal?.facts.node.nodeId === nodeId)?.proposal;
  if (newer) return `${newer.planId} takes its place`;
  const facts = roster.facts.get(nodeId);
  if (!isLost(facts)) return `${facts?.node.hostname ?? nodeId} is lost no more`;
  return waits[0]?.wait.message ?? 'nobody has to be replaced now';
}
