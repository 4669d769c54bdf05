import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { drawScenario, type Scenario, scenarioSchema } from '../src/simulation/search/scenario.ts';
import { replay, shrinkFailure } from './replay.ts';
import { search } from './search.ts';
import { summarize, summaryLines } from './summary.ts';

const HELP = `Searches for a run of a simulated cluster that breaks an invariant.

  npm run sim -- --seeds 20000          that many seeds, from 1 on
  npm run sim -- --seeds 500 --from 7   from another seed on
  npm run sim -- --seed 42              one seed, told entry by entry; a failure is made smaller
  npm run sim -- --scenario '{…}'       one scenario, as a failure prints it
`;

const BAD_INPUT = 2;
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      scenario: { type: 'string' },
      threads: { type: 'string', default: String(availableParallelism()) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  if (values.scenario !== undefined) {
    return tell(scenarioSchema.parse(JSON.parse(values.scenario)));
  }
  if (values.seed !== undefined) return tell(drawScenario(whole('--seed', values.seed, 0)));
  return searchAll(
    whole('--from', values.from, 0),
    whole('--seeds', values.seeds ?? '1000', 1),
    whole('--threads', values.threads, 1),
  );
}

async function tell(scenario: Scenario): Promise<number> {
  const wentWell = await replay(scenario, print);
  if (!wentWell) await shrinkFailure(scenario, print);
  return wentWell ? 0 : 1;
}

async function searchAll(firstSeed: number, seeds: number, threads: number): Promise<number> {
  let done = 0;
  const reports = await search({
    firstSeed,
    seeds,
    threads,
    onReport({ seed, failure }) {
      done += 1;
      if (failure !== undefined) process.stderr.write(`seed ${seed}: ${failure}\n`);
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${seeds} seeds`);
    },
  });
  const summary = summarize(reports);
  for (const line of summaryLines(summary)) print(line);
  return summary.failures.length + summary.wrongPoints.length === 0 ? 0 : 1;
}

function whole(option: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new RangeError(`${option} ${text}: give a whole number from ${least} on.`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${HELP}`);
  process.exitCode = BAD_INPUT;
}
