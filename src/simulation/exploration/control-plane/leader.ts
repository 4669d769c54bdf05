import type { Action } from '../../../controllers/roles/action.ts';
import type { NodeId } from '../../../state/node-id.ts';
import type { Decisions } from './decisions.ts';
import { type LogView, type Policy, rolesView } from './log-view.ts';
import { generic, rankOf } from './names.ts';
import { ordersOf, swapsOf } from './orders.ts';
import type { Asked } from './place.ts';

/** One assignment that the leader decided, nodes by index. */
export interface Given {
  readonly place: number;
  readonly asked: Asked;
  readonly sponsor: number;
}

/**
 * fixed: nodes are numbered in the order of their ids, which breaks ties. open: at every decision
 * every order is tried, so that nodes are interchangeable. That is every run there is and some that
 * are not, as an order would have to change on the way: what holds then always holds, and what does
 * not is looked at again with a fixed order.
 */
export type IdOrder = 'fixed' | 'open';

/** Every list of assignments that the leader may decide now. */
export function possibleAssignments(
  decide: Decisions['roles'],
  view: LogView,
  policy: Policy,
  ids: IdOrder,
): readonly (readonly Given[])[] {
  const ranks = view.all.map((_, index) => index);
  const first = assignments(decide, view, policy, ranks);
  // Whoever comes first, something is to be done or nothing is.
  if (first.length === 0) return [];
  if (ids === 'fixed') return [first];

  const swaps = swapsOf(view.classes);
  const choices = ordersOf(view.classes).flatMap((order) => {
    const givens = assignments(
      decide,
      view,
      policy,
      ranks.map((index) => order.indexOf(index)),
    );
    return swaps.map((swap) => givens.map((given) => swapped(given, swap)));
  });
  return [...new Map(choices.map((givens) => [JSON.stringify(givens), givens])).values()];
}

/** The same decision, had the nodes that the leader can not tell apart changed places. */
function swapped({ place, asked, sponsor }: Given, swap: readonly number[]): Given {
  return { place: swap[place] ?? place, asked, sponsor: swap[sponsor] ?? sponsor };
}

/** `ranks[index]`: how many ids come before that of the node. */
function assignments(
  decide: Decisions['roles'],
  view: LogView,
  policy: Policy,
  ranks: readonly number[],
): readonly Given[] {
  const order = ranks.map((_, rank) => ranks.indexOf(rank));
  const decided = decide(rolesView(view, policy, order));
  return decided.flatMap((action) => (action.type === 'assign' ? [given(action, order)] : []));
}

function given({ assignment }: Action, order: readonly number[]): Given {
  const { nodeId, task, operationId, term, sponsor } = assignment;
  const indexOf = (id: NodeId) => order[rankOf(id)] ?? -1;
  return {
    place: indexOf(nodeId),
    asked: { task, name: generic(operationId, nodeId), term },
    sponsor: sponsor === null ? -1 : indexOf(sponsor),
  };
}
