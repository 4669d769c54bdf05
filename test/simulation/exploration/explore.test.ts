import { describe, expect, test } from '@jest/globals';
import { explore, type Progress } from '../../../src/simulation/exploration/explore.ts';
import type { TransitionSystem } from '../../../src/simulation/exploration/transition-system.ts';

type Lamp = 'off' | 'on' | 'broken';
type Lamps = readonly Lamp[];

/** Lamps that are all alike: each is switched on and off, and on it may break for good. */
function lamps(count: number, change: Partial<TransitionSystem<Lamps, Lamp>> = {}) {
  const system: TransitionSystem<Lamps, Lamp> = {
    nodes: Array.from({ length: count }, (_, index) => `l${index + 1}`),
    initial: Array.from({ length: count }, (): Lamp => 'off'),
    invariants: [],
    successors: (state) =>
      state.flatMap((lamp, index) => {
        if (lamp === 'broken') return [];
        const to = (name: string, next: Lamp) => ({
          name: `#${index} ${name}`,
          next: state.with(index, next),
          deeds: [next],
        });
        return lamp === 'off'
          ? [to('goes on', 'on')]
          : [to('goes off', 'off'), to('breaks', 'broken')];
      }),
    canonical(state) {
      const order = state
        .map((_, index) => index)
        .sort((a, b) => ((state[a] ?? '') < (state[b] ?? '') ? -1 : 1));
      return { state: order.map((from) => state[from] ?? 'off'), order };
    },
    key: (state) => state.join(),
    ...change,
  };
  return system;
}

/** Lamps told apart. */
const numbered = {
  canonical: (state: Lamps) => ({ state, order: state.map((_, index) => index) }),
};

describe('explore', () => {
  test.each([
    { when: 'each lamp is told apart', change: numbered, states: 27, transitions: 81 },
    { when: 'lamps are interchangeable', change: {}, states: 10, transitions: 30 },
  ])('visits every state once when $when', ({ change, states, transitions }) => {
    expect(explore(lamps(3, change))).toEqual({
      states,
      transitions,
      depth: 6,
      finished: true,
      counterexample: null,
    });
  });

  test('tells the shortest way to a broken invariant, every lamp by its first name', () => {
    const invariants = [
      {
        id: 'L1',
        says: 'not all lamps break',
        brokenBy: (_: Lamps, { next }: { readonly next: Lamps }) =>
          next.every((lamp) => lamp === 'broken') ? '#0 broke, or #1' : undefined,
      },
    ];
    expect(explore(lamps(2, { invariants })).counterexample).toEqual({
      invariant: 'L1',
      sentence: 'l2 broke, or l1',
      steps: ['l1 goes on', 'l2 goes on', 'l2 breaks', 'l1 breaks'],
    });
  });

  test('names the nearest state from which the goal is out of reach', () => {
    const isGoal = (state: Lamps) => state.every((lamp) => lamp === 'on');
    expect(explore(lamps(3, { isGoal })).counterexample).toEqual({
      invariant: 'goal',
      sentence: 'nothing that can still happen brings the cluster to its goal',
      steps: ['l1 goes on', 'l1 breaks'],
    });
    const canBreak = (state: Lamps) => state.some((lamp) => lamp !== 'off');
    expect(explore(lamps(3, { isGoal: canBreak })).counterexample).toBeNull();
  });

  test('a goal that the beginning can not reach is told with no steps', () => {
    expect(explore(lamps(1, { isGoal: () => false })).counterexample?.steps).toEqual([]);
  });

  test.each([
    { bounds: { depth: 2 }, states: 4 },
    { bounds: { states: 3 }, states: 4 },
  ])('stops after the level that reaches $bounds', ({ bounds, states }) => {
    expect(explore(lamps(3), bounds)).toMatchObject({ states, finished: false });
  });

  test('says every ten thousand states how far it is', () => {
    const told: Progress[] = [];
    const { states } = explore(lamps(9, numbered), {}, (progress) => told.push(progress));
    expect(states).toBe(3 ** 9);
    expect(told).toMatchObject([{ states: 10_000 }]);
  });
});
