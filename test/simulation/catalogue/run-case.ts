import { type Run, runScenario } from '../../../src/simulation/search/run-scenario.ts';
import type { FaultCase } from './fault-row.ts';

/** Runs one case of the catalogue as the search runs its scenarios. */
export function runCase({ scenario }: Extract<FaultCase, { type: 'simulated' }>): Promise<Run> {
  const { nodes } = scenario;
  const controlPlanes = nodes < 3 ? 1 : 3;
  return runScenario({
    seed: 1,
    controlPlanes,
    graceSeconds: 60,
    startWithinMs: 2_000,
    ...scenario,
  });
}
