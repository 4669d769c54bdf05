import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errnoOf } from '../../adapters/errno.ts';
import { runEditor } from './run-editor.ts';

/** What somebody left when the editor ended. */
interface Written {
  readonly text: string;
  /** False when the file was not written at all. */
  readonly saved: boolean;
}

/** A file that is edited, in a folder of its own (0700) that nobody else can read. */
export interface Draft {
  readonly file: string;
  /** Stands beside it, so that editors complete what is typed. */
  readonly schemaFile: string;
  /** Lets the person edit that text; TerminalError `edit.*` when the editor fails. */
  edit(text: string): Promise<Written>;
  /** Removes it where nobody wrote anything; whether it was kept. */
  keepWritten(): Promise<boolean>;
  remove(): Promise<void>;
}

const OWNER_ONLY = 0o600;

export async function openDraft(schema: object): Promise<Draft> {
  const folder = await mkdtemp(join(tmpdir(), 'civitas-edit-'));
  const file = join(folder, 'cluster.yaml');
  const schemaFile = join(folder, 'cluster.schema.json');
  await writeFile(schemaFile, JSON.stringify(schema), { mode: OWNER_ONLY });
  const remove = () => rm(folder, { recursive: true });
  let first: string | undefined;
  return {
    file,
    schemaFile,
    async edit(text) {
      first ??= text;
      await writeFile(file, text, { mode: OWNER_ONLY });
      const before = await stat(file, { bigint: true });
      await runEditor(process.env, file);
      const after = await stat(file, { bigint: true }).catch(undefinedIfMissing);
      const left = await readFile(file, 'utf8').catch(undefinedIfMissing);
      if (after === undefined || left === undefined) return { text: '', saved: false };
      // Some editors write another file in its place.
      const saved = after.mtimeNs !== before.mtimeNs || after.ino !== before.ino;
      return { text: left, saved };
    },
    async keepWritten() {
      const left = await readFile(file, 'utf8').catch(undefinedIfMissing);
      const isWritten = left !== undefined && left !== first;
      if (!isWritten) await remove();
      return isWritten;
    },
    remove,
  };
}

function undefinedIfMissing(error: unknown): undefined {
  if (errnoOf(error) !== 'ENOENT') throw error;
}
