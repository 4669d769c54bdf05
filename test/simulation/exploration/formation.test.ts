import { describe, expect, test } from '@jest/globals';
import { explore } from '../../../src/simulation/exploration/explore.ts';
import {
  type FormationScope,
  formationSystem,
} from '../../../src/simulation/exploration/formation/system.ts';

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
  ])('holds all its promises when $when', ({ scope, statesAtLeast }) => {
    const exploration = explore(formationSystem(scope));
    expect(exploration).toMatchObject({ finished: true, counterexample: null });
    expect(exploration.states).toBeGreaterThan(statesAtLeast);
  });
});
