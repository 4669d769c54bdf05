import type { KnownLog } from '../../state/known-log.ts';
import type { OpenPlan } from '../../state/open-plans.ts';
import { renderHistory } from '../render-history.ts';
import { renderPlans } from './render-plans.ts';

/** The human form of `civitas plan` of one replacement: what waits, then the decision that it comes from. */
export function renderReplacement(
  plan: OpenPlan,
  { events, nodes }: Pick<KnownLog, 'events' | 'nodes'>,
): string {
  const made = events
    .map(({ value }) => value)
    .filter(({ action, nodeId }) => action === 'plan-replacement' && nodeId === plan.nodeId)
    .toSorted((left, right) => left.revision - right.revision)
    .slice(-1);
  const hostnames = new Map(nodes.map(({ key, value }) => [key, value.hostname]));
  const table = renderPlans([], [plan], { wide: false, wallMs: 0 });
  return `${table}\n${renderHistory(made, { wide: true, hostnames })}`;
}
