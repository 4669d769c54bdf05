import { describe, expect, test } from '@jest/globals';
import { type Scope, search } from './search.ts';

interface Row {
  readonly when: string;
  readonly scope: Scope;
  /** A search that visits fewer states has lost its power. */
  readonly statesAtLeast: number;
}

const everyone = [0, 1, 2, 3];

describe('genesis, in every interleaving,', () => {
  test.each<Row>([
    {
      when: 'of three nodes two propose, one of them twice, and any one crashes at any moment',
      scope: { expectedNodes: 3, ballots: [2, 1, 0], crashes: 1 },
      statesAtLeast: 170_000,
    },
    {
      when: 'of three nodes the one with the higher id proposes twice',
      scope: { expectedNodes: 3, ballots: [1, 2, 0], crashes: 0 },
      statesAtLeast: 70_000,
    },
    {
      when: 'three nodes propose at once',
      scope: { expectedNodes: 3, ballots: [1, 1, 1], crashes: 0 },
      statesAtLeast: 200_000,
    },
    {
      when: 'both of two nodes propose twice and crash twice',
      scope: { expectedNodes: 2, ballots: [2, 2], crashes: 2 },
      statesAtLeast: 10_000,
    },
    {
      when: 'four nodes start where three are expected, and one crashes',
      scope: { expectedNodes: 3, ballots: [1, 1, 0, 0], crashes: 1 },
      statesAtLeast: 100_000,
    },
    {
      when: 'four nodes start where three are expected, and the proposers have met only some',
      scope: {
        expectedNodes: 3,
        ballots: [2, 2, 0, 0],
        crashes: 1,
        heardOf: [[0, 1, 2], [1, 3], everyone, everyone],
      },
      statesAtLeast: 20_000,
    },
  ])(
    'ends in one record when $when',
    ({ scope, statesAtLeast }) => {
      const { states, decided, ...findings } = search(scope);

      expect(findings).toEqual({ transitions: expect.any(Number), violation: null, stuck: 0 });
      expect(states).toBeGreaterThan(statesAtLeast);
      expect(decided).toBeGreaterThan(states / 10);
    },
    120_000,
  );

  test('ends in two records if two groups of quorum size start without any contact', () => {
    const { violation } = search({
      expectedNodes: 3,
      ballots: [1, 0, 1, 0],
      crashes: 0,
      heardOf: [
        [0, 1],
        [0, 1],
        [2, 3],
        [2, 3],
      ],
    });

    expect(violation).toBe('two genesis records: 1/n3/1 and 1/n1/1');
  });
});
