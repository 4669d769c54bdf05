import { describe, expect, jest, test } from '@jest/globals';
import { createSweep } from './sweep.ts';

jest.setTimeout(240_000);

describe('a sponsor that dies at any one of its actions', () => {
  test.each(createSweep())('leaves the rest to another one: $what', async ({ run }) => {
    const undisturbed = await run(undefined);
    expect(undisturbed.actions).toBeGreaterThan(3);
    const failures: unknown[] = [];
    for (let action = 1; action <= undisturbed.actions; action += 1) {
      for (const when of ['before', 'after'] as const) {
        const { facts, errors, done } = await run({ action, when });
        const same = JSON.stringify(facts) === JSON.stringify(undisturbed.facts);
        if (!same || !done || errors.length > 0)
          failures.push({ action, when, facts, errors, done });
      }
    }
    expect(failures).toEqual([]);
  });
});
