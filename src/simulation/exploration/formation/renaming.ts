import { swapsOf } from '../control-plane/orders.ts';
import type { Canonical } from '../transition-system.ts';
import type { FormationState } from './formation-state.ts';
import { type Envelope, nodeIdOf, type Participant } from './participant.ts';

/** To whom each index is sent. */
export type Renaming = readonly number[];

/** Pairs of nodes, either way round, between which nothing passes. */
export type Cuts = readonly (readonly [number, number])[];

/** What the nodes and envelopes of a state are called after a renaming. */
export interface RenamedThings {
  participant(number: number, renaming: number): number;
  envelope(number: number, renaming: number): number;
}

/** Ids order ballots, so only those who open none are interchangeable, where they hear the same others. */
export function renamingsOf(ballots: readonly number[], cuts: Cuts): readonly Renaming[] {
  const all = [...ballots.keys()];
  const kinds = all.map((node) => {
    const unheard = all.filter((other) => isCut(cuts, node, other));
    return ballots[node] === 0 ? unheard.join() : `proposer ${node}`;
  });
  return swapsOf(kinds.map((kind) => kinds.indexOf(kind)));
}

export function isCut(cuts: Cuts, a: number, b: number): boolean {
  return cuts.some((pair) => pair.includes(a) && pair.includes(b) && a !== b);
}

/** Of all states that differ only in the names of interchangeable nodes, always the same one. */
export function createCanonical(
  renamings: readonly Renaming[],
  things: RenamedThings,
  keyOf: (state: FormationState) => string,
): (state: FormationState) => Canonical<FormationState> {
  const orders = renamings.map((renaming) => renaming.map((_, to) => renaming.indexOf(to)));
  const isAlone = renamings.length === 1;

  function renamed(state: FormationState, number: number): FormationState {
    const nodes = (orders[number] ?? []).map((from) =>
      things.participant(state.nodes[from] ?? 0, number),
    );
    const inFlight = state.inFlight.map((envelope) => things.envelope(envelope, number));
    return { ...state, nodes, inFlight: inFlight.sort((a, b) => a - b) };
  }

  return (state) => {
    const all = isAlone ? [state] : renamings.map((_, number) => renamed(state, number));
    const keys = isAlone ? [''] : all.map(keyOf);
    const least = keys.reduce((best, key, at) => (key < (keys[best] ?? '') ? at : best), 0);
    return { state: all[least] ?? state, order: orders[least] ?? [] };
  };
}

export function renamedParticipant(
  { node, genesis }: Participant,
  renaming: Renaming,
): Participant {
  return { node: renaming[node] ?? node, genesis: withNames(genesis, renaming) };
}

/** Who hands over a record makes no difference: see `sends` of reactions.ts. */
export function renamedEnvelope({ from, to, message }: Envelope, renaming: Renaming): Envelope {
  const receiver = renaming[to] ?? to;
  const sender = message.type === 'formed' ? Number(receiver === 0) : (renaming[from] ?? from);
  return { from: sender, to: receiver, message: withNames(message, renaming) };
}

/** Lists of ids are sorted sets, or in an order that decides nothing. */
function withNames<T>(thing: T, renaming: Renaming): T {
  const names = new Map(renaming.map((to, from) => [nodeIdOf(from), nodeIdOf(to)]));
  const renamed: T = JSON.parse(JSON.stringify(thing), (_, value: unknown) => {
    if (typeof value === 'string') return names.get(value) ?? value;
    return isListOfIds(value) ? value.sort() : value;
  });
  return renamed;
}

function isListOfIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
