import type { PoweredHost, SimulatedUnit } from '../simulated-host.ts';
import type { WorldState } from '../world-state.ts';

/**
 * A program that operations may run. Resolves to its exit code; what it prints goes to the unit's
 * output. Throws KubeadmFailure or OperationEnded as kubeadm does.
 */
export type SimulatedProgram = (
  world: WorldState,
  host: PoweredHost,
  unit: SimulatedUnit,
) => number | Promise<number>;
