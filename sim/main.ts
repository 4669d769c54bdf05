import { availableParallelism } from 'node:os';
import { inspect } from 'node:util';
import { drawScenario } from '../src/simulation/search/scenario.ts';
import { type Asked, BadInput, parseAsked } from './asked.ts';
import { keepFailures } from './keep-failures.ts';
import { createProgress } from './progress.ts';
import { measureQuiet } from './quiet.ts';
import { replay } from './replay.ts';
import { search } from './search.ts';
import { summarize, summaryLines } from './summary.ts';

const HELP = `Searches for a run of a simulated cluster that breaks an invariant.

  npm run sim -- --seeds 20000          that many seeds, from 1 on
  npm run sim -- --seeds 500 --from 7   from another seed on
  npm run sim -- --seed 42              one seed, told entry by entry; a failure is made smaller
  npm run sim -- --scenario '{…}'       one scenario, as a failure prints it
  npm run sim -- --hours 24             five quiet machines for so long: virtual hours in a minute of CPU

What fails is made smaller and kept in test/simulation/regressions.json; --no-keep: only printed.
`;

const BAD_INPUT = 2;
const FAILED = 1;
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<number> {
  const asked = parseAsked(process.argv.slice(2), availableParallelism());
  switch (asked.type) {
    case 'help':
      print(HELP);
      return 0;
    case 'tell':
      return tell(asked);
    case 'search':
      return searchAll(asked);
    case 'quiet':
      return (await measureQuiet(asked.hours, print)) ? 0 : FAILED;
  }
}

async function tell({ scenario, keep }: Extract<Asked, { type: 'tell' }>): Promise<number> {
  const wentWell = await replay(scenario, print);
  if (!wentWell) await keepFailures([scenario], { keep, print });
  return wentWell ? 0 : 1;
}

async function searchAll(asked: Extract<Asked, { type: 'search' }>): Promise<number> {
  const { seeds, keep } = asked;
  const { stderr } = process;
  const progress = createProgress({
    seeds,
    isTerminal: stderr.isTTY,
    nowMs: () => performance.now(),
    write: (text) => stderr.write(text),
  });
  const reports = await search({
    ...asked,
    onReport: progress.tell,
  });
  progress.end();
  const summary = summarize(reports);
  for (const line of summaryLines(summary)) print(line);
  const failed = summary.failures.map(({ seed }) => drawScenario(seed));
  await keepFailures(failed, { keep, print });
  return summary.failures.length + summary.wrongPoints.length === 0 ? 0 : 1;
}

/** What was typed is told in one sentence; what failed here, with all that is known of it. */
function report(error: unknown): number {
  if (error instanceof BadInput) {
    process.stderr.write(`sim: ${error.message}\n`);
    return BAD_INPUT;
  }
  process.stderr.write(`sim: it failed itself: ${inspect(error)}\n`);
  return FAILED;
}

process.exitCode = await main().catch(report);
