import type { Reaction, Reactions } from './reactions.ts';

/** One state of all nodes and of the network between them. */
export interface World {
  readonly locals: readonly number[];
  readonly inFlight: readonly number[];
  readonly ballotsLeft: readonly number[];
  readonly crashesLeft: number;
  readonly announced: string | null;
}

const TURNS_MAX = 12;

export function createNetwork(reactions: Reactions, allMet: boolean) {
  /** The first tick gives up a running ballot, the next one opens another. */
  function openBallot(world: World, node: number): Reaction {
    const local = world.locals[node] as number;
    const first = reactions.tick(local);
    return first.sent.length > 0 || first.next === local ? first : reactions.tick(first.next);
  }

  /**
   * The world after one node moved. To keep the search small, messages that can change nothing
   * any more leave the network, and formed nodes, which never change, answer at once.
   */
  function arrive(world: World, node: number, next: number, sent: readonly number[]): World {
    const locals = world.locals.with(node, next);
    const doubtful = [...sent];
    const inFlight: number[] = [];
    for (const envelope of world.inFlight) {
      if (reactions.addressee(envelope) === node) doubtful.push(envelope);
      else inFlight.push(envelope);
    }
    for (const envelope of doubtful) {
      const local = locals[reactions.addressee(envelope)] as number;
      const reaction = reactions.deliver(local, envelope);
      if (reactions.isFormed(local) && !reaction.violation) doubtful.push(...reaction.sent);
      else if (!isVain(world, envelope, reaction)) insert(inFlight, envelope);
    }
    return { ...world, locals, inFlight };
  }

  /** A refusal tells a node that opens no ballot any more nothing, unless it names a new node. */
  function isVain({ ballotsLeft }: World, envelope: number, { isNoop }: Reaction): boolean {
    if (isNoop) return true;
    const isLast = ballotsLeft[reactions.addressee(envelope)] === 0;
    return allMet && isLast && reactions.isNack(envelope);
  }

  /** Whether all form once nothing fails any more and the nodes take turns. */
  function endsWell(start: World): boolean {
    const ballotsLeft = start.ballotsLeft.map(() => TURNS_MAX);
    let world: World = { ...start, ballotsLeft, inFlight: start.inFlight.slice(1) };
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      world = deliverAll(world);
      if (world.locals.every((local) => reactions.isFormed(local))) return true;
      const node = turn % world.locals.length;
      world = move(world, node, reactions.meet(world.locals[node] as number));
      world = move(world, node, openBallot(world, node));
    }
    return false;
  }

  function deliverAll(start: World): World {
    let world = start;
    for (let first = world.inFlight[0]; first !== undefined; first = world.inFlight[0]) {
      const node = reactions.addressee(first);
      const reaction = reactions.deliver(world.locals[node] as number, first);
      world = move({ ...world, inFlight: world.inFlight.slice(1) }, node, reaction);
    }
    return world;
  }

  function move(world: World, node: number, { next, sent }: Reaction): World {
    return arrive(world, node, next, sent);
  }

  return { openBallot, arrive, endsWell };
}

/** Into a sorted list without repetition. */
function insert(sorted: number[], number: number) {
  let at = sorted.length;
  while (at > 0 && (sorted[at - 1] as number) > number) at -= 1;
  if (sorted[at - 1] !== number) sorted.splice(at, 0, number);
}
