import { writeFile } from 'node:fs/promises';
import { failureOf } from '../../../src/simulation/search/verdict.ts';
import type { FaultCase } from './fault-row.ts';
import { renderVerification } from './render.ts';
import { faultRows } from './rows.ts';
import { runCase } from './run-case.ts';

/** `npm run verification`: runs every simulated case and writes the page. */
const failures = new Map<FaultCase, string | undefined>();
for (const each of faultRows.flatMap(({ cases }) => cases)) {
  if (each.type === 'simulated') failures.set(each, failureOf(await runCase(each)));
}
const page = renderVerification(faultRows, (each) => failures.get(each));
await writeFile('docs/verification.md', page);
