import { join } from 'node:path';
import { tellAgent } from '../adapters/local-api-client.ts';
import { TerminalError } from '../errors.ts';
import { writtenSchema } from '../state/local-changes.ts';
import { planIdSchema } from '../state/plan.ts';
import { withProgress } from './with-progress.ts';

interface Options {
  readonly stateDir: string;
}

/** Lets the leader carry a plan out. TerminalError `plan.*` when it is none any more. */
export async function approve(planId: string, { stateDir }: Options): Promise<void> {
  if (!planIdSchema.safeParse(planId).success) {
    throw new TerminalError(
      'cli.bad-plan-name',
      `${planId} is no name of a plan: choose one that \`civitas get plans\` shows.`,
    );
  }
  const socketPath = join(stateDir, 'agent.sock');
  const asked = tellAgent(socketPath, '/v1/approve', { planId }, writtenSchema);
  const { revision, summary } = await withProgress('waiting for the log to confirm', asked);
  process.stdout.write(`Revision ${revision}: ${summary}.\n`);
}
