import { describe, expect, test } from '@jest/globals';
import { invariants } from '../../../src/simulation/checker/invariants.ts';
import { brokenBy, brokenWithout } from './mutant.ts';
import { mutants } from './mutants.ts';

const TIMEOUT_MS = 180_000;

describe('the checker', () => {
  test.each(mutants)(
    'finds by $rule.id, $rule.title, a fleet in which $name',
    async (mutant) => {
      expect(await brokenWithout(mutant)).toEqual([]);
      expect(await brokenBy(mutant)).toContain(mutant.rule.title);
    },
    TIMEOUT_MS,
  );

  test('knows a mutant of every rule', () => {
    const caught = new Set(mutants.map(({ rule }) => rule));
    expect(invariants.filter((rule) => !caught.has(rule))).toEqual([]);
  });
});
