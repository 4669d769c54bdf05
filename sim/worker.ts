import { parentPort } from 'node:worker_threads';
import { runScenario } from '../src/simulation/search/run-scenario.ts';
import { drawScenario } from '../src/simulation/search/scenario.ts';
import { type SeedReport, seedReport } from './seed-report.ts';

const knownStates = new Set<number>();
/** Errors are answers to agents, by the hundred thousand; whoever replays a seed sees where one came from. */
Error.stackTraceLimit = 0;

/** Runs one seed after the other, as they are asked for. */
parentPort?.on('message', async (seed: number) => {
  const before = process.threadCpuUsage();
  const run = await runScenario(drawScenario(seed));
  const { user, system } = process.threadCpuUsage(before);
  const report: SeedReport = seedReport(run, (user + system) / 1_000, knownStates);
  parentPort?.postMessage(report);
});
