import { join } from 'node:path';
import { askAgent } from '../adapters/local-api-client.ts';
import { type KnownLog, knownLogSchema } from '../state/known-log.ts';

/** What the agent of this machine knows of the log; it says on standard error when that may be old. */
export async function knownLog(stateDir: string): Promise<KnownLog> {
  const log = await askAgent(join(stateDir, 'agent.sock'), '/v1/known-log', knownLogSchema);
  if (!log.synced) {
    process.stderr.write(
      `The log does not answer the agent: this is as of revision ${log.revision}, and may be old.\n`,
    );
  }
  return log;
}
