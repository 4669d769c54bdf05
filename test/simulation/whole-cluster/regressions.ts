import { readFileSync } from 'node:fs';
import { z } from 'zod';

const regressionsSchema = z.array(
  z.strictObject({
    scenario: z.enum(['formation', 'killed-agents', 'crash-between-actions', 'troubles']),
    nodes: z.int().min(1),
    seed: z.int().min(0),
    /** What went wrong, and why. */
    showed: z.string(),
  }),
);

type Regression = z.infer<typeof regressionsSchema>[number];

/** Runs that once failed. They are run again with every test. */
export function regressionsOf(scenario: Regression['scenario']): readonly Regression[] {
  const text = readFileSync(new URL('../regressions.json', import.meta.url), 'utf8');
  return regressionsSchema.parse(JSON.parse(text)).filter((each) => each.scenario === scenario);
}
