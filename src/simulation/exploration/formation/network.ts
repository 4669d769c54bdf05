import type { FormationState } from './formation-state.ts';
import type { Reactions } from './reactions.ts';

/**
 * The state after a node moved. A message that can change nothing any more leaves the network, and
 * formed nodes, which never change, answer at once: that keeps the number of states small.
 */
export function arrive(
  reactions: Reactions,
  state: FormationState,
  node: number,
  next: number,
  sent: readonly number[],
): FormationState {
  const nodes = state.nodes.with(node, next);
  const isDoubtful = (envelope: number) => reactions.envelope(envelope).to === node;
  const inFlight = state.inFlight.filter((envelope) => !isDoubtful(envelope));
  const doubtful = [...state.inFlight.filter(isDoubtful), ...sent];
  for (const envelope of doubtful) {
    const number = nodes[reactions.envelope(envelope).to] ?? 0;
    const reaction = reactions.deliver(number, envelope);
    if (reaction.isNoop) continue;
    if (reactions.isFormed(number) && reaction.next === number) doubtful.push(...reaction.sent);
    else inFlight.push(envelope);
  }
  return { ...state, nodes, inFlight: inFlight.sort((a, b) => a - b) };
}

/** Without one copy of that envelope. */
export function without(inFlight: readonly number[], envelope: number): readonly number[] {
  return inFlight.toSpliced(inFlight.indexOf(envelope), 1);
}

/** Twice what three nodes need. */
const TURNS = 12;

/** Whether all form once nothing fails any more and the nodes take turns. */
export function endsWell(reactions: Reactions, start: FormationState): boolean {
  let state = start;
  for (let turn = 0; turn < TURNS; turn += 1) {
    state = deliverAll(reactions, state);
    if (state.nodes.every(reactions.isFormed)) return true;
    const node = turn % state.nodes.length;
    const { next, sent } = reactions.openBallot(state.nodes[node] ?? 0);
    state = arrive(reactions, state, node, next, sent);
  }
  return false;
}

function deliverAll(reactions: Reactions, start: FormationState): FormationState {
  let state = start;
  for (let first = state.inFlight[0]; first !== undefined; first = state.inFlight[0]) {
    const { to } = reactions.envelope(first);
    const { next, sent } = reactions.deliver(state.nodes[to] ?? 0, first);
    const rest = { ...state, inFlight: without(state.inFlight, first) };
    state = arrive(reactions, rest, to, next, sent);
  }
  return state;
}
