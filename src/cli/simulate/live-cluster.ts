import { join } from 'node:path';
import { z } from 'zod';
import { askAgent } from '../../adapters/local-api-client.ts';
import { TerminalError } from '../../errors.ts';
import type { Blueprint } from '../../simulation/scenario/blueprint.ts';
import { copiedBlueprint } from '../../simulation/scenario/copied-blueprint.ts';
import { genesisRecordSchema } from '../../state/genesis-record.ts';
import { createLogCopy, recordSchema } from '../../state/log-copy.ts';

const MAX_RECORDS = 100_000;

const answerSchema = z.strictObject({
  version: z.literal(1, 'is of another release'),
  record: genesisRecordSchema,
  records: z.array(recordSchema).max(MAX_RECORDS),
  unread: z.array(z.string().max(1_000)),
});

/** The cluster of this machine's agent. TerminalError `agent.not-running`; `cli.newer-copy`. */
export async function copyOfLiveCluster(stateDir: string): Promise<Blueprint> {
  return readCopy(await askAgent(join(stateDir, 'agent.sock'), '/v1/log-copy', z.unknown()));
}

/** TerminalError `cli.newer-copy` when anything of it does not fit this release. Pure. */
export function readCopy(answer: unknown): Blueprint {
  const { success, data, error } = answerSchema.safeParse(answer);
  if (!success) {
    const [issue] = error.issues;
    throw newer(`its ${issue?.path.join('.') || 'form'} does not fit: ${issue?.message}`);
  }
  const copy = createLogCopy();
  for (const record of data.records) copy.apply(record);
  const [unread] = [...data.unread, ...copy.problems().map(({ message }) => message)];
  if (unread !== undefined) throw newer(unread.split('\n')[0] ?? '');
  return copiedBlueprint(data.record, copy);
}

function newer(why: string): TerminalError {
  return new TerminalError(
    'cli.newer-copy',
    `The copy of the log is of a newer release (${why.replace(/\.$/, '')}): use the civitas of that release.`,
  );
}
