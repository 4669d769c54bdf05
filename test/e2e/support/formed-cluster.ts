import { type ClusterShape, createToken, installAgent, startAgent } from '../../../lab/agent.ts';
import { waitUntilWhole } from '../../../lab/cluster.ts';
import { up } from '../../../lab/machine.ts';
import { emptyRoom } from './machines.ts';

/** New machines n1, n2 … that became one cluster; resolves to its token. */
export async function formedCluster(shape: ClusterShape): Promise<string> {
  const machines = Array.from({ length: shape.nodes }, (_, index) => `n${index + 1}`);
  await emptyRoom();
  await up(machines);
  const token = await createToken(shape);
  const startedMs = performance.now();
  await Promise.all(machines.map((machine) => newcomer(machine, token)));
  await waitUntilWhole(machines, shape, startedMs);
  return token;
}

/** One machine that runs gets an agent with the token of a cluster. */
export async function newcomer(machine: string, token: string): Promise<void> {
  await installAgent(machine, token);
  await startAgent(machine);
}
