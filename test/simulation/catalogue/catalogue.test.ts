import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { failureOf } from '../../../src/simulation/search/verdict.ts';
import type { FaultCase } from './fault-row.ts';
import { renderVerification } from './render.ts';
import { faultRows } from './rows.ts';
import { runCase } from './run-case.ts';

const COUNT = 87;
const TIMEOUT_MS = 180_000;

const simulated = faultRows.flatMap(({ number, cases }) =>
  cases.flatMap((each) => (each.type === 'simulated' ? [{ number, shows: each.shows, each }] : [])),
);

const failures = new Map<FaultCase, string | undefined>();

describe('the catalogue of faults', () => {
  test('has every fault, and of each at least one case or the reason why there is none', () => {
    expect(faultRows.map(({ number }) => number)).toEqual(
      Array.from({ length: COUNT }, (_, index) => index + 1),
    );
    expect(faultRows.filter(({ cases }) => cases.length === 0)).toEqual([]);
  });

  test('names only tests that exist', async () => {
    const missing: string[] = [];
    for (const each of faultRows.flatMap(({ cases }) => cases)) {
      if (each.type !== 'test' && each.type !== 'lab') continue;
      const source = await readFile(each.file, 'utf8').catch(() => '');
      if (!source.includes(each.title)) missing.push(`${each.file}: ${each.title}`);
    }
    expect(missing).toEqual([]);
  });

  test.each(simulated)(
    'breaks nothing by fault $number: $shows',
    async ({ each }) => {
      const failure = failureOf(await runCase(each));
      failures.set(each, failure);
      expect(failure).toBeUndefined();
    },
    TIMEOUT_MS,
  );

  // Runs last: by now every case has shown what it shows.
  test('is what docs/verification.md says; else `npm run verification` writes it anew', async () => {
    const page = renderVerification(faultRows, (each) => failures.get(each));
    expect(await readFile('docs/verification.md', 'utf8')).toBe(page);
  });
});
