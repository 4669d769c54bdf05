import { describe, expect, test } from '@jest/globals';
import { quorumSize } from '../../../../src/formation/genesis/quorum.ts';
import { paxosRules } from '../../../../src/formation/genesis/rules.ts';
import { type Walk, walk } from './walk.ts';

const seeds = Array.from({ length: 2_000 }, (_, index) => index + 1);
const nodesOf = (seed: number) => 1 + (seed % 6);

describe('a log that never came up', () => {
  test('is replaced so that no two epochs can write and nothing written is dropped', () => {
    const results = seeds.map((seed) => ({ seed, ...walk({ seed, nodes: nodesOf(seed) }) }));

    expect(results.filter(({ violation }) => violation !== null)).toEqual([]);
    expect(results.filter(({ endsWriting }) => !endsWriting)).toEqual([]);
    expect(results.filter(({ lastEpoch }) => lastEpoch > 1).length).toBeGreaterThan(1_000);
  }, 120_000);

  test.each<{ name: string; change: Partial<Walk> }>([
    {
      name: 'a node votes before its replicas are stopped',
      change: {
        rules: {
          ...paxosRules,
          mayVote: (_, __, own, logIsDead) => own.formed === null && logIsDead,
        },
      },
    },
    {
      name: 'any quorum of nodes will do, without a majority of the replicas',
      change: {
        rules: {
          ...paxosRules,
          isQuorum: (instance, roll, voters) => voters.length >= quorumSize(instance, roll),
        },
      },
    },
    {
      name: 'the driver does not look whether the log it stopped had written',
      change: { looksForWrites: false },
    },
  ])('is found to lose writes if $name', ({ change }) => {
    const found = seeds.find(
      (seed) => walk({ seed, nodes: nodesOf(seed), ...change }).violation !== null,
    );

    expect(found).toBeDefined();
  });
});
