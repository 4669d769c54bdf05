import { describe, expect, test } from '@jest/globals';
import { controllerMutants } from './controller-mutants.ts';
import { formationMutants } from './formation-mutants.ts';
import { hostMutants } from './host-mutants.ts';
import { logMutants } from './log-mutants.ts';
import { brokenBy, brokenWithout } from './mutant.ts';
import { spareMutants } from './spare-mutants.ts';
import { upgradeMutants } from './upgrade-mutants.ts';

const mutants = [
  ...formationMutants,
  ...logMutants,
  ...controllerMutants,
  ...hostMutants,
  ...upgradeMutants,
  ...spareMutants,
];

const TIMEOUT_MS = 180_000;
/** S1 … S26. */
const SAFETY = Array.from({ length: 26 }, (_, index) => `S${index + 1}`);

describe('the checker', () => {
  test.each(mutants)(
    'finds by $invariant a fleet in which $name',
    async (mutant) => {
      expect(await brokenWithout(mutant)).toEqual([]);
      expect(await brokenBy(mutant)).toContain(mutant.invariant);
    },
    TIMEOUT_MS,
  );

  test('knows a mutant of every safety invariant', () => {
    const caught = new Set(mutants.map(({ invariant }) => invariant));
    expect(SAFETY.filter((id) => !caught.has(id))).toEqual([]);
  });
});
