import type { Rules } from '../../../../src/formation/genesis/rules.ts';
import { genesisConfig, instantly } from '../genesis-config.ts';
import { contradiction } from '../invariants.ts';
import type { Disk } from './disk.ts';
import { createNetwork, type World } from './network.ts';
import { createReactions, type Reaction } from './reactions.ts';

export interface Scope {
  readonly expectedNodes: number;
  /** How many ballots each node may open; there are as many nodes as entries. */
  readonly ballots: readonly number[];
  readonly crashes: number;
  /** Which nodes, by index, each node has heard of when the search starts; by default all. */
  readonly heardOf?: readonly (readonly number[])[];
  readonly rules?: Rules;
  readonly disk?: Disk;
}

export interface Findings {
  readonly states: number;
  readonly transitions: number;
  /** States in which some node had formed. */
  readonly decided: number;
  readonly violation: string | null;
  /** States from which the rest, with the oldest message lost, was played to the end in vain. */
  readonly stuck: number;
}

/** From one state in so many, the rest is played to its end. */
const PLAY_EVERY = 97;

/**
 * Visits every state that any interleaving reaches: deliveries in any order, time-outs and crashes
 * at any moment. A message that is lost is one that is never delivered, so all combinations of
 * losses are included without a move of their own.
 */
export function search({ expectedNodes, ballots, crashes, heardOf, rules, disk }: Scope): Findings {
  const nodes = participants(expectedNodes, ballots.length, heardOf);
  const reactions = createReactions(nodes, rules, disk);
  const network = createNetwork(reactions, heardOf === undefined);
  const seen = new Map<string, number>();
  const open: World[] = [];
  const openAfterCrash: World[] = [];
  let transitions = 0;
  let decided = 0;
  let stuck = 0;
  let violation: string | null = null;

  visit({
    locals: ballots.map((_, node) => reactions.start(node)),
    inFlight: [],
    ballotsLeft: ballots,
    crashesLeft: crashes,
    announced: null,
  });
  for (let world = pop(); world && violation === null; world = pop()) {
    deliverEach(world);
    tickEach(world);
    crashEach(world);
  }
  return { states: seen.size, transitions, decided, violation, stuck };

  function pop(): World | undefined {
    return open.pop() ?? openAfterCrash.pop();
  }

  /** A state that was seen with more crashes to come is covered. */
  function visit(world: World) {
    const { locals, ballotsLeft, inFlight, announced } = world;
    const key = String.fromCharCode(...locals, ...ballotsLeft, ...inFlight) + announced;
    if ((seen.get(key) ?? -1) >= world.crashesLeft) return;
    seen.set(key, world.crashesLeft);
    (world.crashesLeft === crashes ? open : openAfterCrash).push(world);
    if (world.announced !== null) decided += 1;
    if (seen.size % PLAY_EVERY === 0 && !network.endsWell(world)) stuck += 1;
  }

  function deliverEach(world: World) {
    for (const envelope of world.inFlight) {
      const node = reactions.addressee(envelope);
      const inFlight = world.inFlight.filter((other) => other !== envelope);
      const reaction = reactions.deliver(world.locals[node] as number, envelope);
      moveOn({ ...world, inFlight }, node, reaction);
    }
  }

  function tickEach(world: World) {
    world.ballotsLeft.forEach((left, node) => {
      if (left === 0) return;
      const ballotsLeft = world.ballotsLeft.with(node, left - 1);
      moveOn({ ...world, ballotsLeft }, node, network.openBallot(world, node));
    });
  }

  function crashEach(world: World) {
    if (world.crashesLeft === 0) return;
    const crashesLeft = world.crashesLeft - 1;
    world.locals.forEach((local, node) => {
      visit(network.arrive({ ...world, crashesLeft }, node, reactions.reboot(local), []));
    });
  }

  function moveOn(world: World, node: number, { next, sent, crashed, ...said }: Reaction) {
    transitions += 1;
    violation ??= said.violation ?? contradiction(world.announced, said.announced);
    const announced = world.announced ?? said.announced;
    visit(network.arrive({ ...world, announced }, node, next, sent));
    if (world.crashesLeft === 0 || crashed === null) return;
    const crashesLeft = world.crashesLeft - 1;
    visit(network.arrive({ ...world, crashesLeft }, node, crashed.next, crashed.sent));
  }
}

function participants(expectedNodes: number, count: number, heardOf: Scope['heardOf']) {
  const nodeIds = Array.from({ length: count }, (_, node) => `n${node + 1}`);
  return nodeIds.map((nodeId, node) => ({
    config: genesisConfig(nodeId, expectedNodes, { timings: instantly }),
    heardOf: heardOf?.[node]?.flatMap((other) => nodeIds[other] ?? []) ?? nodeIds,
  }));
}
