import { describe, expect, test } from '@jest/globals';
import { explore } from '../../../src/simulation/exploration/explore.ts';
import {
  type FormationScope,
  formationSystem,
} from '../../../src/simulation/exploration/formation/system.ts';

/** As many states as differ by more than names, of those that are met when every node is told apart. */
function statesUpToNames(scope: FormationScope): number {
  const system = formationSystem(scope);
  const classes = new Set<string>();
  explore({
    ...system,
    canonical: (state) => ({ state, order: state.nodes.map((_, node) => node) }),
    key(state) {
      classes.add(system.key(system.canonical(state).state));
      return system.key(state);
    },
  });
  return classes.size;
}

interface Row {
  readonly when: string;
  readonly scope: FormationScope;
  /** An exploration that visits fewer states has lost its power. */
  readonly statesAtLeast: number;
}

describe('genesis, explored to the end,', () => {
  test.each<Row>([
    {
      when: 'one node proposes three times and crashes twice',
      scope: { ballots: [3], crashes: 2 },
      statesAtLeast: 5,
    },
    {
      when: 'of two nodes one proposes twice, and a crash, a loss and a duplicate may come',
      scope: { ballots: [2, 1], crashes: 1, losses: 1, duplicates: 1 },
      statesAtLeast: 30_000,
    },
    {
      when: 'of three nodes two propose, and one crashes',
      scope: { ballots: [1, 1, 0], crashes: 1 },
      statesAtLeast: 15_000,
    },
    {
      when: 'of three nodes two propose, and a message is lost',
      scope: { ballots: [1, 1, 0], losses: 1 },
      statesAtLeast: 20_000,
    },
    {
      when: 'of three nodes one proposes, and a crash, a loss and a duplicate may come',
      scope: { ballots: [0, 1, 0], crashes: 1, losses: 1, duplicates: 1 },
      statesAtLeast: 500,
    },
    {
      when: 'of four nodes one proposes, and a crash, a loss and a duplicate may come',
      scope: { ballots: [1, 0, 0, 0], crashes: 1, losses: 1, duplicates: 1 },
      statesAtLeast: 2_000,
    },
    {
      when: 'of five nodes one proposes, and one crashes and a message is lost',
      scope: { ballots: [1, 0, 0, 0, 0], crashes: 1, losses: 1 },
      statesAtLeast: 2_500,
    },
    {
      when: 'of five nodes two propose, to majorities that share one node, and one crashes',
      scope: {
        ballots: [1, 1, 0, 0, 0],
        crashes: 1,
        cuts: [
          [0, 1],
          [0, 4],
          [1, 2],
        ],
      },
      statesAtLeast: 1_500,
    },
    {
      when: 'of five nodes two propose that do not hear each other',
      scope: { ballots: [1, 1, 0, 0, 0], cuts: [[0, 1]] },
      statesAtLeast: 25_000,
    },
  ])('holds all its promises when $when', ({ scope, statesAtLeast }) => {
    const exploration = explore(formationSystem(scope));
    expect(exploration).toMatchObject({ finished: true, counterexample: null });
    expect(exploration.states).toBeGreaterThan(statesAtLeast);
  });
});

describe('nodes that only vote', () => {
  test.each<{ scope: FormationScope }>([
    { scope: { ballots: [1, 0, 0, 0], crashes: 1 } },
    { scope: { ballots: [1, 1, 0, 0], cuts: [[0, 1]], crashes: 1 } },
    { scope: { ballots: [1, 0, 0, 0, 0] } },
  ])('stand for each other, and nothing else is lost: $scope', ({ scope }) => {
    expect(explore(formationSystem(scope)).states).toBe(statesUpToNames(scope));
  });
});
