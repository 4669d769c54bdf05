import { lastServed } from '../../machines/last-served.ts';
import { isTakenBack } from '../../state/departure.ts';
import type { Entry } from '../../state/kinds.ts';
import type { LogEntries } from '../../state/node-facts.ts';
import type { AssignAction } from './action.ts';
import { asBefore, type Plan, ROLE_OF } from './draft.ts';

/**
 * Gives nodes the role back that people had asked them to give up, once whoever saw to the departure
 * said that it stopped: nothing of what the node had was taken away before.
 */
export function returns(
  plan: Plan,
  {
    departures,
    operations,
  }: Pick<LogEntries, 'departures'> & { readonly operations: readonly Entry<'operation'>[] },
): readonly AssignAction[] {
  return plan.roster.departing.flatMap(({ value, revision }) => {
    const { node } = plan.roster.facts.get(value.nodeId) ?? {};
    const departure = departures.find(({ key }) => key === value.nodeId)?.value;
    const served = node && lastServed(node, operations);
    if (!served || !isTakenBack(value, departure)) return [];
    const role = ROLE_OF[served.value.task];
    const summary = `${node.hostname} stays what it is, a ${role}: people took it back that it leaves`;
    return [asBefore(plan, { node, role, summary, served: served.value, ifRevision: revision })];
  });
}
