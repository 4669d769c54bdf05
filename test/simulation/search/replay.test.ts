import { describe, expect, test } from '@jest/globals';
import { runScenario } from '../../../src/simulation/search/run-scenario.ts';
import { drawScenario } from '../../../src/simulation/search/scenario.ts';
import { failureOf } from '../../../src/simulation/search/verdict.ts';
import { foundScenarios } from '../regressions.ts';

const TIMEOUT_MS = 60_000;

test(
  'a scenario goes the same way every time, entry by entry',
  async () => {
    for (const seed of [3, 11, 20]) {
      const scenario = drawScenario(seed);
      const [first, second] = [await runScenario(scenario), await runScenario(scenario)];
      expect(second.trace).toEqual(first.trace);
    }
  },
  TIMEOUT_MS,
);

describe('what the search once found', () => {
  test.each(foundScenarios())(
    'does not happen any more: $showed',
    async ({ run }) => {
      expect(failureOf(await runScenario(run))).toBeUndefined();
    },
    TIMEOUT_MS,
  );
});
