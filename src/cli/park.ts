import { park as parkMachine } from '../agent/park.ts';

/** What the service does before each start of the agent: see manifests/civitas.service. */
export async function park({ stateDir }: { readonly stateDir: string }): Promise<void> {
  await parkMachine(stateDir);
}
