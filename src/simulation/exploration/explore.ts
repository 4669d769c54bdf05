import { createGraph } from './graph.ts';
import { type Origin, replay } from './replay.ts';
import { GOAL, type Step, type TransitionSystem } from './transition-system.ts';

export interface Bounds {
  /** About where to stop; what was found until then still holds. Default: no limit. */
  readonly states?: number;
  readonly depth?: number;
}

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  /** Moves from the start to the farthest state, by the shortest way. */
  readonly depth: number;
}

/** The shortest way to what must not be. */
interface Counterexample {
  /** The invariant's id, or `goal` where that can no longer be reached. */
  readonly invariant: string;
  readonly sentence: string;
  readonly steps: readonly string[];
}

export interface Exploration extends Progress {
  /** Every state that can be reached was visited. */
  readonly finished: boolean;
  readonly counterexample: Counterexample | null;
}

interface Violation {
  /** Null for the initial state. */
  readonly origin: Origin | null;
  readonly invariant: string;
  readonly sentence: string;
}

const REPORT_EVERY = 10_000;
const STUCK = 'nothing that can still happen brings the cluster to its goal';

/**
 * Visits every state that can be reached, nearest first, and tests each move by every invariant.
 * States that differ only in which of several interchangeable nodes did what are one. Where all
 * invariants hold, the goal must be in reach of every state: a system that rests elsewhere is stuck.
 */
export function explore<S, D>(
  system: TransitionSystem<S, D>,
  { states: mostStates = Number.POSITIVE_INFINITY, depth = Number.POSITIVE_INFINITY }: Bounds = {},
  onProgress: (progress: Progress) => void = () => {},
): Exploration {
  const visited = createVisited(system);
  const graph = createGraph();
  let level = [visited.add(system.initial, null)];
  let levels = 0;
  let violation: Violation | undefined;

  const progress = () => ({ states: visited.size(), transitions: graph.size(), depth: levels });
  while (level.length > 0 && violation === undefined && mayGoOn()) {
    level = level.flatMap(expand);
    if (level.length > 0) levels += 1;
  }

  const finished = violation === undefined && level.length === 0;
  violation ??= finished ? firstStuck() : undefined;
  return {
    ...progress(),
    finished,
    counterexample: violation ? counterexample(system, visited.originOf, violation) : null,
  };

  function mayGoOn(): boolean {
    return levels < depth && visited.size() < mostStates;
  }

  /** The states that were not known before. */
  function expand({ state, number }: Numbered<S>): Numbered<S>[] {
    if (violation !== undefined) return [];
    return system.successors(state).flatMap((step, index) => {
      const origin = { parent: number, step: index };
      violation ??= brokenBy(system, state, step, origin);
      const before = visited.size();
      const next = visited.add(step.next, origin);
      graph.add(number, next.number);
      if (visited.size() === before) return [];
      if (visited.size() % REPORT_EVERY === 0) onProgress(progress());
      return [next];
    });
  }

  function firstStuck(): Violation | undefined {
    if (!system.isGoal) return undefined;
    const stuck = graph.firstCutOff(visited.size(), visited.isGoal);
    if (stuck === undefined) return undefined;
    return { origin: visited.originOf(stuck), invariant: GOAL, sentence: STUCK };
  }
}

interface Numbered<S> {
  readonly state: S;
  readonly number: number;
}

/** Millions of states: of each only its key is kept, and two numbers that tell how to make it again. */
function createVisited<S, D>(system: TransitionSystem<S, D>) {
  const numbers = new Map<string, number>();
  const parents: number[] = [];
  const steps: number[] = [];
  const goals: boolean[] = [];
  return {
    originOf(number: number): Origin | null {
      const [parent = -1, step = -1] = [parents[number], steps[number]];
      return parent < 0 ? null : { parent, step };
    },
    size: () => parents.length,
    isGoal: (number: number) => goals[number] ?? false,
    add(anyState: S, origin: Origin | null): Numbered<S> {
      const { state } = system.canonical(anyState);
      const key = system.key(state);
      const known = numbers.get(key);
      if (known !== undefined) return { state, number: known };
      const number = parents.push(origin?.parent ?? -1) - 1;
      steps.push(origin?.step ?? -1);
      goals.push(system.isGoal?.(state) ?? false);
      numbers.set(key, number);
      return { state, number };
    },
  };
}

function brokenBy<S, D>(
  { invariants }: TransitionSystem<S, D>,
  state: S,
  step: Step<S, D>,
  origin: Origin,
): Violation | undefined {
  for (const invariant of invariants) {
    const sentence = invariant.brokenBy(state, step);
    if (sentence !== undefined) return { origin, invariant: invariant.id, sentence };
  }
  return undefined;
}

function counterexample<S, D>(
  system: TransitionSystem<S, D>,
  originOf: (number: number) => Origin | null,
  { origin, invariant, sentence }: Violation,
): Counterexample {
  const { steps, named } = replay(system, originOf, origin);
  return { invariant, sentence: named(sentence), steps };
}
