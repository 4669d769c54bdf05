import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import type { Run } from '../../../src/simulation/search/run-scenario.ts';
import { failureOf } from '../../../src/simulation/search/verdict.ts';
import type { TraceEntry } from '../../../src/simulation/trace/entry.ts';
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

/** A case in which nobody comes to the place where an agent is to die shows nothing. */
function armedCalls({ scenario }: Run): number {
  return scenario.faults.filter(({ kind }) => kind === 'agent-killed-at-call').length;
}

function killedAtCalls({ trace }: Run): readonly TraceEntry[] {
  return trace.entries.filter(({ type }) => type === 'fail-point.killed');
}

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
      const run = await runCase(each);
      const failure = failureOf(run);
      failures.set(each, failure);
      expect(failure).toBeUndefined();
      expect(killedAtCalls(run)).toHaveLength(armedCalls(run));
    },
    TIMEOUT_MS,
  );

  // Runs last: by now every case has shown what it shows.
  test('is what docs/verification.md says; else `npm run verification` writes it anew', async () => {
    const page = renderVerification(faultRows, (each) => failures.get(each));
    expect(await readFile('docs/verification.md', 'utf8')).toBe(page);
  });
});
