import { join } from 'node:path';
import { z } from 'zod';
import { askAgent } from '../adapters/local-api-client.ts';

interface Options {
  readonly stateDir: string;
}

const answerSchema = z.strictObject({ kubeconfig: z.string() });

/** Prints an admin kubeconfig to standard output; the agent says where it has none yet. */
export async function kubeconfig({ stateDir }: Options): Promise<void> {
  const answer = await askAgent(join(stateDir, 'agent.sock'), '/v1/kubeconfig', answerSchema);
  process.stdout.write(answer.kubeconfig);
}
