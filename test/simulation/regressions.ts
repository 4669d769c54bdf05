import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Scenario, scenarioSchema } from '../../src/simulation/search/scenario.ts';

/** A run of the search, as small as it could be made. */
const foundSchema = z.strictObject({
  run: scenarioSchema,
  /** What went wrong, and why. */
  showed: z.string(),
});

/** Scenarios in which the search once found something. They are run again with every test. */
export function foundScenarios(): readonly { readonly run: Scenario; readonly showed: string }[] {
  const text = readFileSync(new URL('./regressions.json', import.meta.url), 'utf8');
  return z.array(foundSchema).parse(JSON.parse(text));
}
