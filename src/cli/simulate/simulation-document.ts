import { totalMs } from '../../simulation/scenario/outages.ts';
import type { Simulation } from '../../simulation/scenario/simulation.ts';

/** What `-o json` and `-o yaml` print. */
export function simulationDocument(simulation: Simulation) {
  const { apiOutages, logOutages } = simulation;
  return {
    apiVersion: 'civitas.dev/v1alpha1',
    kind: 'Simulation',
    ...simulation,
    apiDowntimeMs: Math.round(totalMs(apiOutages)),
    logDowntimeMs: Math.round(totalMs(logOutages)),
  };
}
