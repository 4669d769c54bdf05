import { describe, expect, test } from '@jest/globals';
import { clusterInvariants } from '../../../src/simulation/exploration/control-plane/invariants.ts';
import { createPlaces } from '../../../src/simulation/exploration/control-plane/place.ts';
import { formationInvariants } from '../../../src/simulation/exploration/formation/invariants.ts';
import { mutants } from './mutants.ts';

describe('the exploration', () => {
  test.each(mutants)('catches by $breaks that $name', ({ breaks, explore }) => {
    expect(explore().counterexample?.invariant).toBe(breaks);
  });

  test.each(mutants)('finds nothing wrong by $breaks unless $name', ({ exploreSound }) => {
    expect(exploreSound()).toMatchObject({ finished: true, counterexample: null });
  });

  test('has a mutant for every invariant', () => {
    const invariants = [...clusterInvariants(createPlaces()), ...formationInvariants];
    const ids = ['goal', ...invariants.map(({ id }) => id)].sort();
    expect([...new Set(mutants.map(({ breaks }) => breaks))].sort()).toEqual(ids);
  });
});
