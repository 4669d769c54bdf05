import { join } from 'node:path';
import { tellAgent } from '../adapters/local-api-client.ts';
import { TerminalError } from '../errors.ts';
import { writtenSchema } from '../state/local-changes.ts';
import { planIdSchema } from '../state/plan.ts';
import type { Hold } from '../state/rollout.ts';
import { withProgress } from './with-progress.ts';

interface Options {
  readonly stateDir: string;
}

/** Pauses, resumes or cancels a rollout; without a name the one under way. TerminalError `plan.*`. */
export async function hold(
  word: Hold['word'],
  planId: string | undefined,
  { stateDir }: Options,
): Promise<void> {
  if (planId !== undefined && !planIdSchema.safeParse(planId).success) {
    throw new TerminalError(
      'cli.bad-plan-name',
      `${planId} is no name of a plan: choose one that \`civitas plan\` shows.`,
    );
  }
  const body = { word, ...(planId !== undefined && { planId }) };
  const asked = tellAgent(join(stateDir, 'agent.sock'), '/v1/hold', body, writtenSchema);
  const { revision, summary } = await withProgress('waiting for the log to confirm', asked);
  process.stdout.write(`Revision ${revision}: ${summary}.\n`);
}
