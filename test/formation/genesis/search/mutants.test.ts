import { describe, expect, test } from '@jest/globals';
import { compareBallots } from '../../../../src/formation/genesis/ballot.ts';
import { paxosRules, type Rules } from '../../../../src/formation/genesis/rules.ts';
import { type Mutant, mutants } from './mutants.ts';
import { search } from './search.ts';

describe('the search', () => {
  test.each<Mutant>(mutants)('finds what is wrong if $name', (mutant) => {
    expect(search(mutant).violation).toMatch(/two genesis records|a formed node/);
  });

  test('finds a genesis that cannot end', () => {
    const rules: Rules = {
      ...paxosRules,
      mayAnswer: (own, ballot) => compareBallots(ballot, own.promised) > 0,
    };
    const { decided, stuck } = search({ expectedNodes: 3, ballots: [2, 1, 0], crashes: 0, rules });

    expect(decided).toBe(0);
    expect(stuck).toBeGreaterThan(0);
  });
});
