import { TerminalError } from '../errors.ts';
import { parsePlan, type TypedPlan } from '../simulation/scenario/plan.ts';
import type { OnProgress } from '../simulation/scenario/run-simulation.ts';
import type { Simulation } from '../simulation/scenario/simulation.ts';
import { durationText } from './duration-text.ts';
import { paintFor } from './paint.ts';
import { blueprintFrom, type SimulatedFrom } from './simulate/blueprint-from.ts';
import { renderSimulation } from './simulate/render-simulation.ts';
import { simulationDocument } from './simulate/simulation-document.ts';

interface Options extends TypedPlan, SimulatedFrom {
  readonly output: 'table' | 'wide' | 'json' | 'yaml';
}

const CLEAR_LINE = '\r\u001b[K';

/**
 * Prints what would become of a cluster. TerminalError `simulate.not-whole` after that, unless it ends
 * whole; `cli.*`, `spec.*` and `token.*` before anything is simulated.
 */
export async function simulate(options: Options): Promise<void> {
  const blueprint = await blueprintFrom(options);
  const hostnames = blueprint.machines.map(({ hostname }) => hostname);
  const plan = parsePlan(options, { hostnames, spec: blueprint.spec });
  // Loaded only now, so that a mistyped option is told at once.
  const { runSimulation } = await import('../simulation/scenario/run-simulation.ts');
  const simulation = await runSimulation(blueprint, plan, showProgress(plan.forMs));
  process.stdout.write(await render(simulation, options.output));
  const { ending, reasons } = simulation.verdict;
  if (ending === 'whole') return;
  throw new TerminalError(
    'simulate.not-whole',
    `The cluster does not end whole but ${ending}: ${(reasons[0] ?? '').replace(/\.$/, '')}.`,
  );
}

async function render(simulation: Simulation, output: Options['output']): Promise<string> {
  if (output === 'json') return `${JSON.stringify(simulationDocument(simulation), null, 2)}\n`;
  if (output === 'yaml') {
    return (await import('./yaml-text.ts')).yamlText(simulationDocument(simulation));
  }
  return renderSimulation(simulation, { wide: output === 'wide', paint: paintFor(process.stdout) });
}

/** One line on a terminal, gone once all is done. */
function showProgress(forMs: number): OnProgress {
  if (!process.stderr.isTTY) return () => undefined;
  return ({ isForming, passedMs }) => {
    const passed = durationText(passedMs);
    const line = isForming ? `forming: ${passed}` : `simulated ${passed} of ${durationText(forMs)}`;
    process.stderr.write(!isForming && passedMs >= forMs ? CLEAR_LINE : `${CLEAR_LINE}${line}`);
  };
}
