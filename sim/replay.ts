import { runScenario } from '../src/simulation/search/run-scenario.ts';
import type { Scenario } from '../src/simulation/search/scenario.ts';
import { failureOf } from '../src/simulation/search/verdict.ts';
import type { TraceEntry } from '../src/simulation/trace/entry.ts';

const LINE = 200;
const TOO_MANY: readonly TraceEntry['type'][] = ['log.delivered', 'log.acknowledged'];

/** Runs one scenario and tells what happened in it. Resolves to whether it went well. */
export async function replay(scenario: Scenario, print: (line: string) => void): Promise<boolean> {
  const run = await runScenario(scenario);
  for (const [index, entry] of run.trace.entries.entries()) {
    if (!TOO_MANY.includes(entry.type)) print(lineOf(index, entry));
  }
  const failure = failureOf(run);
  if (failure === undefined) {
    print('Nothing failed.');
    return true;
  }
  for (const { invariant, sentence, index } of run.violations) {
    print(`${invariant} at entry ${index}: ${sentence}`);
  }
  print(`FAILED: ${failure}`);
  return false;
}

function lineOf(index: number, { atMs, host, type, ...rest }: TraceEntry): string {
  const seconds = (atMs / 1_000).toFixed(3).padStart(9);
  return `${String(index).padStart(6)} ${seconds} ${host} ${type} ${JSON.stringify(rest)}`.slice(
    0,
    LINE,
  );
}
