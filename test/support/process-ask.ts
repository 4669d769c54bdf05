import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type LocalApi,
  type LocalChanges,
  serveLocalApi,
} from '../../src/adapters/local-api-server.ts';
import type { KnownLog } from '../../src/state/known-log.ts';
import { civitas, type Outcome, runCommand } from './process-command.ts';
import { inNewFolder } from './process-folder.ts';

export interface Asked {
  readonly api?: LocalApi;
  readonly changes?: LocalChanges;
  /** What stands in the file `spec.yaml`. */
  readonly document?: string;
}

/** Runs a command beside an agent that answers so. */
export function ask(
  args: string,
  { api = {}, changes = {}, document = '' }: Asked,
): Promise<Outcome> {
  return inNewFolder(async (cwd) => {
    await writeFile(join(cwd, 'spec.yaml'), document);
    const stop = await serveLocalApi(join(cwd, 'agent.sock'), api, changes);
    try {
      return await runCommand(civitas([...args.split(' '), '--state-dir', '.']), { cwd });
    } finally {
      await stop();
    }
  });
}

/** An agent that knows of the log that much. */
export function answering(log: KnownLog): Asked {
  return { api: { '/v1/known-log': async () => log } };
}
