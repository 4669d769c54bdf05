import { describe, expect, test } from '@jest/globals';
import { mutants } from '../search/mutants.ts';
import { drawPlan, type Plan } from './plan.ts';
import { type Result, simulate } from './simulate.ts';

type Size = Pick<Plan, 'expectedNodes' | 'nodes' | 'meetFirst'>;

interface Row {
  readonly when: string;
  readonly runs: number;
  readonly sizeOf: (seed: number) => Size;
}

const upToNine = (seed: number) => 1 + (seed % 9);
const quorumOf = (expectedNodes: number) => Math.floor(expectedNodes / 2) + 1;

function runsOf({ runs, sizeOf }: Omit<Row, 'when'>): (Result & { readonly seed: number })[] {
  return Array.from({ length: runs }, (_, index) => {
    const seed = index + 1;
    return { seed, ...simulate(drawPlan(seed, sizeOf(seed))) };
  });
}

describe('genesis, in random lives with crashes, pauses, partitions, losses and copies,', () => {
  test.each<Row>([
    {
      when: 'as many nodes start as are expected',
      runs: 5_000,
      sizeOf: (seed) => {
        const expectedNodes = upToNine(seed);
        return { expectedNodes, nodes: expectedNodes, meetFirst: seed % 2 === 0 };
      },
    },
    {
      when: 'only a quorum of the expected nodes starts',
      runs: 1_500,
      sizeOf: (seed) => {
        const expectedNodes = upToNine(seed);
        return { expectedNodes, nodes: quorumOf(expectedNodes), meetFirst: seed % 2 === 0 };
      },
    },
    {
      when: 'one to four more nodes start than are expected, and hear of each other first',
      runs: 1_500,
      sizeOf: (seed) => {
        const expectedNodes = upToNine(seed);
        return { expectedNodes, nodes: expectedNodes + 1 + (seed % 4), meetFirst: true };
      },
    },
    {
      when: 'ten to fifty nodes start',
      runs: 50,
      sizeOf: (seed) => {
        const nodes = 10 + ((seed * 7) % 41);
        return { expectedNodes: nodes, nodes, meetFirst: false };
      },
    },
  ])(
    'always ends in one record when $when',
    (row) => {
      const failed = runsOf(row).filter(
        ({ record, violation, formedAfterMs }) =>
          record === null || violation !== null || formedAfterMs === null || formedAfterMs > 15_000,
      );

      expect(failed).toEqual([]);
    },
    120_000,
  );

  test('never ends in a record when less than a quorum starts', () => {
    const results = runsOf({
      runs: 500,
      sizeOf: (seed) => {
        const expectedNodes = 2 + (seed % 8);
        return { expectedNodes, nodes: quorumOf(expectedNodes) - 1, meetFirst: false };
      },
    });

    expect(results.filter(({ record }) => record !== null)).toEqual([]);
  }, 120_000);

  test('ends in two records only if more nodes start than are expected, in parts without contact', () => {
    const results = runsOf({
      runs: 1_500,
      sizeOf: (seed) => {
        const expectedNodes = upToNine(seed);
        return { expectedNodes, nodes: expectedNodes + 1 + (seed % 4), meetFirst: false };
      },
    });
    const twice = results.filter(({ violation }) => violation !== null);

    expect(results.filter(({ record }) => record === null)).toEqual([]);
    expect(twice.filter(({ isExcused }) => !isExcused)).toEqual([]);
    expect(twice.length).toBeGreaterThan(0);
  }, 120_000);
});

describe('the random lives', () => {
  test.each(
    [
      'a voter answers ballots below its promise',
      'a proposer ignores what its quorum has accepted',
      'half of the nodes are a quorum',
      'a formed node goes on voting',
      'surplus nodes do not raise the quorum',
      'surplus nodes raise the quorum to a majority only',
    ].map((name) => ({ name })),
  )(
    'find what is wrong if $name',
    ({ name }) => {
      const rules = mutants.find((mutant) => mutant.name === name)?.rules;
      const seeds = Array.from({ length: 1_000 }, (_, index) => index + 1);

      const seed = seeds.find((candidate) => {
        const expectedNodes = upToNine(candidate);
        const nodes = expectedNodes + (candidate % 2 === 0 ? candidate % 5 : 0);
        const meetFirst = candidate % 4 < 2;
        const plan = drawPlan(candidate, { expectedNodes, nodes, meetFirst });
        const { violation, isExcused } = simulate(plan, rules);
        return violation !== null && !isExcused;
      });

      expect(seed).toBeDefined();
    },
    120_000,
  );
});
