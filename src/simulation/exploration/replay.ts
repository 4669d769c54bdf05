import type { TransitionSystem } from './transition-system.ts';

/** Which move first led to a state: that many in the list of its parent's successors. */
export interface Origin {
  readonly parent: number;
  readonly step: number;
}

interface Replayed {
  readonly steps: readonly string[];
  /** A sentence about the state before the last step, with the names that nodes had at the start. */
  named(sentence: string): string;
}

/** Walks the way to `last` once more, and undoes the renaming of nodes on it. */
export function replay<S, D>(
  system: TransitionSystem<S, D>,
  originOf: (number: number) => Origin | null,
  last: Origin | null,
): Replayed {
  const first = system.canonical(system.initial);
  let state = first.state;
  let names = first.order.map((index) => system.nodes[index] ?? '');
  let before = names;

  const steps = wayTo(originOf, last).map((index) => {
    const step = system.successors(state)[index];
    if (step === undefined) throw new RangeError('a transition system must always answer the same');
    before = names;
    const told = withNames(step.name, before);
    const next = system.canonical(step.next);
    state = next.state;
    names = next.order.map((from) => before[from] ?? '');
    return told;
  });
  return { steps, named: (sentence) => withNames(sentence, before) };
}

function wayTo(
  originOf: (number: number) => Origin | null,
  last: Origin | null,
): readonly number[] {
  const way: number[] = [];
  for (let at = last; at; at = originOf(at.parent)) way.push(at.step);
  return way.reverse();
}

function withNames(sentence: string, names: readonly string[]): string {
  return sentence.replace(/#(\d+)/g, (_, index: string) => names[Number(index)] ?? '');
}
