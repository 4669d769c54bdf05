import type { AssignAction } from '../../../controllers/roles/action.ts';
import type { NodeId } from '../../../state/node-id.ts';
import type { Decisions } from './decisions.ts';
import { isUnheard, type LogView, type Policy, rolesView } from './log-view.ts';
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
type IdOrder = 'fixed' | 'open';

/** What is left open of a decision. */
export interface Chances {
  readonly ids: IdOrder;
  /** endless: whoever is lost keeps its place. ends: it may be taken away at any time. */
  readonly grace: 'ends' | 'endless';
}

/** Every list of assignments that the leader may decide now. */
export function possibleAssignments(
  decide: Decisions['roles'],
  view: LogView,
  policy: Policy,
  chances: Chances,
): readonly (readonly Given[])[] {
  const mayBeOverdue = chances.grace === 'ends' && view.all.some(isUnheard);
  const choices = (mayBeOverdue ? [false, true] : [false]).flatMap((isOverdue) =>
    choicesIn(
      (ranks) => assignments(decide, view, policy, { ranks, isOverdue }),
      view,
      chances.ids,
    ),
  );
  return [...new Map(choices.map((givens) => [JSON.stringify(givens), givens])).values()];
}

function choicesIn(
  assigned: (ranks: readonly number[]) => readonly Given[],
  { all, classes }: LogView,
  ids: IdOrder,
): readonly (readonly Given[])[] {
  const ranks = all.map((_, index) => index);
  const first = assigned(ranks);
  // Whoever comes first, something is to be done or nothing is.
  if (first.length === 0) return [];
  if (ids === 'fixed') return [first];

  const swaps = swapsOf(classes);
  return ordersOf(classes).flatMap((order) => {
    const givens = assigned(ranks.map((index) => order.indexOf(index)));
    return swaps.map((swap) => givens.map((given) => swapped(given, swap)));
  });
}

/** What a decision depends on that is neither in the log nor a policy. */
interface Chance {
  /** `ranks[index]`: how many ids come before that of the node. */
  readonly ranks: readonly number[];
  /** Whoever is dead has been so for long. */
  readonly isOverdue: boolean;
}

/** The same decision, had the nodes that the leader can not tell apart changed places. */
function swapped({ place, asked, sponsor }: Given, swap: readonly number[]): Given {
  return { place: swap[place] ?? place, asked, sponsor: swap[sponsor] ?? sponsor };
}

function assignments(
  decide: Decisions['roles'],
  view: LogView,
  policy: Policy,
  { ranks, isOverdue }: Chance,
): readonly Given[] {
  const order = ranks.map((_, rank) => ranks.indexOf(rank));
  const decided = decide(rolesView(view, policy, order, isOverdue));
  return decided.flatMap((action) => (action.type === 'assign' ? [given(action, order)] : []));
}

function given({ assignment }: AssignAction, order: readonly number[]): Given {
  const { nodeId, task, operationId, term, sponsor } = assignment;
  const indexOf = (id: NodeId) => order[rankOf(id)] ?? -1;
  return {
    place: indexOf(nodeId),
    asked: { task, name: generic(operationId, nodeId), term },
    sponsor: sponsor === null ? -1 : indexOf(sponsor),
  };
}
