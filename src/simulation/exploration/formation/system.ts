import { paxosRules } from '../../../formation/genesis/rules.ts';
import { GOAL, type Step, type TransitionSystem } from '../transition-system.ts';
import type { FormationState } from './formation-state.ts';
import { formationInvariants, type Moved } from './invariants.ts';
import { arrive, endsWell, without } from './network.ts';
import type { Formation } from './participant.ts';
import { createReactions, type Reaction, type Reactions } from './reactions.ts';
import { type Cuts, createCanonical, renamingsOf } from './renaming.ts';

export interface FormationScope {
  /** How many ballots each node may open; there are as many nodes as entries. */
  readonly ballots: readonly number[];
  readonly crashes?: number;
  /** Messages that are lost. Any other message, too, may stay under way for ever. */
  readonly losses?: number;
  readonly duplicates?: number;
  /** Between whom nothing ever passes. */
  readonly cuts?: Cuts;
  readonly formation?: Formation;
  /** Ids of the invariants to test, and `goal`; by default all. */
  readonly only?: readonly string[];
}

type FormationStep = Step<FormationState, Moved>;

/** The formation of the agent: what it writes it writes first, and keeps. */
export const agentFormation: Formation = {
  rules: paxosRules,
  inOrder: (effects) => effects,
  isDurable: true,
};

/**
 * Genesis among a few nodes: messages in any order, time-outs and crashes at any moment. Ids order
 * the ballots, so only nodes that open none, and hear the same
 * others, are interchangeable. From where nothing is under way any more, all
 * must form as soon as nodes may open ballots again.
 */
export function formationSystem(scope: FormationScope): TransitionSystem<FormationState, Moved> {
  const { ballots, crashes = 0, losses = 0, duplicates = 0, cuts = [], only } = scope;
  const renamings = renamingsOf(ballots, cuts);
  const formation = scope.formation ?? agentFormation;
  const reactions = createReactions(ballots.length, formation, { renamings, cuts });
  const isAsked = (id: string) => only?.includes(id) ?? true;
  const rests = ({ inFlight, ballots: left }: FormationState) =>
    inFlight.length === 0 && left.every((count) => count === 0);
  return {
    nodes: ballots.map((_, node) => `n${node + 1}`),
    initial: {
      nodes: ballots.map((_, node) => reactions.start(node)),
      inFlight: [],
      ballots,
      crashes,
      losses,
      duplicates,
      announced: null,
    },
    invariants: formationInvariants.filter(({ id }) => isAsked(id)),
    successors: (state) => [
      ...deliveries(reactions, state),
      ...openings(reactions, state),
      ...crashesIn(reactions, state),
    ],
    canonical: createCanonical(renamings, reactions.renamed, keyOf),
    key: keyOf,
    ...(isAsked(GOAL) && {
      isGoal: (state: FormationState) => rests(state) && endsWell(reactions, state),
    }),
  };
}

function keyOf(state: FormationState): string {
  const { nodes, ballots, crashes, losses, duplicates, inFlight, announced } = state;
  return (
    String.fromCharCode(...nodes, ...ballots, crashes, losses, duplicates, ...inFlight) + announced
  );
}

function deliveries(reactions: Reactions, state: FormationState): readonly FormationStep[] {
  return [...new Set(state.inFlight)].flatMap((envelope) => {
    const { from, to, message } = reactions.envelope(envelope);
    const reaction = reactions.deliver(state.nodes[to] ?? 0, envelope);
    const rest = { ...state, inFlight: without(state.inFlight, envelope) };
    const what = `the ${message.type} of #${from} `;
    return [
      ...reacted(reactions, rest, to, reaction, `${what}reaches #${to}`),
      ...(state.duplicates > 0
        ? reacted(
            reactions,
            { ...state, duplicates: state.duplicates - 1 },
            to,
            reaction,
            `${what}reaches #${to} and will once more`,
          )
        : []),
      ...(state.losses > 0
        ? [
            {
              name: `${what}to #${to} is lost`,
              next: { ...rest, losses: state.losses - 1 },
              deeds: [],
            },
          ]
        : []),
    ];
  });
}

function openings(reactions: Reactions, state: FormationState): readonly FormationStep[] {
  return state.ballots.flatMap((left, node) => {
    if (left === 0) return [];
    const next = { ...state, ballots: state.ballots.with(node, left - 1) };
    const reaction = reactions.openBallot(state.nodes[node] ?? 0);
    return reacted(reactions, next, node, reaction, `#${node} opens a ballot`);
  });
}

/** The step itself, and where the driver sends before it writes, a crash in the middle of it. */
function reacted(
  reactions: Reactions,
  state: FormationState,
  node: number,
  { next, sent, announced, torn }: Reaction,
  name: string,
): readonly FormationStep[] {
  const after = { ...state, announced: state.announced ?? announced };
  const deed = moved(reactions, state.nodes[node] ?? 0, next, sent, announced);
  const whole = { name, next: arrive(reactions, after, node, next, sent), deeds: [deed] };
  if (torn === null || state.crashes === 0) return [whole];
  const rest = { ...state, crashes: state.crashes - 1 };
  return [
    whole,
    {
      name: `${name}, and #${node} crashes before it has written`,
      next: arrive(reactions, rest, node, torn.next, torn.sent),
      deeds: [moved(reactions, state.nodes[node] ?? 0, torn.next, torn.sent, null)],
    },
  ];
}

function crashesIn(reactions: Reactions, state: FormationState): readonly FormationStep[] {
  if (state.crashes === 0) return [];
  const rest = { ...state, crashes: state.crashes - 1 };
  return state.nodes.map((number, node) => {
    const next = reactions.reboot(number);
    return {
      name: `#${node} crashes and starts again`,
      next: arrive(reactions, rest, node, next, []),
      deeds: [moved(reactions, number, next, [], null)],
    };
  });
}

function moved(
  { participant, envelope }: Reactions,
  before: number,
  after: number,
  sent: readonly number[],
  announced: string | null,
): Moved {
  const messages = sent.map((number) => envelope(number).message);
  return { before: participant(before), after: participant(after), sent: messages, announced };
}
