import { describe, expect, test } from '@jest/globals';
import { invariants } from '../../../src/simulation/checker/invariants.ts';
import { unchecked } from '../../../src/simulation/checker/unchecked.ts';

function numbered(letter: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
}

describe('the table of invariants', () => {
  const checked = invariants.map(({ id }) => id);

  test('gives each rule a title of its own', () => {
    expect(new Set(invariants.map(({ title }) => title)).size).toBe(invariants.length);
  });

  test('has all of S1 to S26 and L1 to L14, or says why a trace can not show it', () => {
    const told = new Set([...checked, ...unchecked.map(({ id }) => id)]);
    const all = [...numbered('S', 26), ...numbered('L', 14)];
    expect(all.filter((id) => !told.has(id))).toEqual([]);
  });

  test('says each rule in one sentence', () => {
    const odd = invariants.filter(({ rule }) => !rule.endsWith('.') || rule.includes('. '));
    expect(odd.map(({ id }) => id)).toEqual([]);
  });
});
