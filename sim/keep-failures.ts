import { runScenario } from '../src/simulation/search/run-scenario.ts';
import type { Scenario } from '../src/simulation/search/scenario.ts';
import { shrink } from '../src/simulation/search/shrink.ts';
import { failureKind, failureOf } from '../src/simulation/search/verdict.ts';
import { type Found, keepFound } from '../test/simulation/regressions.ts';

/** Each takes up to two hundred runs; more of them seldom show anything else. */
const MOST_SHRUNK = 3;
const KEPT_IN = 'test/simulation/regressions.json';

interface Options {
  readonly keep: false | undefined;
  print(line: string): void;
}

/**
 * Makes the first failing scenarios as small as it can, prints how to run each again, and adds them
 * to what every test run looks at from now on.
 */
export async function keepFailures(
  scenarios: readonly Scenario[],
  { keep, print }: Options,
): Promise<void> {
  for (const scenario of scenarios.slice(0, MOST_SHRUNK)) {
    const found = await smallest(scenario);
    if (found === undefined) continue;
    print(`The smallest scenario found that fails as seed ${scenario.seed} does: ${found.showed}`);
    print(`  npm run sim -- --scenario '${JSON.stringify(found.run)}'`);
    if (keep === false) continue;
    const isNew = keepFound(found);
    print(`  It is kept in ${KEPT_IN}${isNew ? '' : ' already'}.`);
  }
}

/** Undefined when it does not fail. */
async function smallest(scenario: Scenario): Promise<Found | undefined> {
  const kind = failureKind(await runScenario(scenario));
  if (kind === undefined) return undefined;
  const run = await shrink(scenario, async (candidate) => {
    return failureKind(await runScenario(candidate)) === kind;
  });
  return { run, showed: failureOf(await runScenario(run)) ?? kind };
}
