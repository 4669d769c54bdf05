import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Durable } from '../ports/durable.ts';
import { guardDisk } from './disk-errors.ts';
import {
  QUARANTINE,
  readStateFile,
  removeStateFile,
  syncFolder,
  writeStateFile,
} from './state-file.ts';

const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const TEMPORARY = /^\..*\.tmp$/;

/**
 * A state directory. A file is one line `civitas-state 1 <SHA-256 of name and body>` and a body of
 * JSON. A damaged one goes to quarantine/, and `read` of its name rejects from then on: only
 * `write` or `remove` of that name, or somebody who deletes the quarantined file, ends that.
 */
export async function openDurableFiles(folder: string): Promise<Durable> {
  await guardDisk(folder, () => prepareFolder(folder));
  const writing = new Map<string, Promise<void>>();

  /** Writers of one name follow each other, so that the last call is what stays on disk. */
  function inTurn(name: string, work: () => Promise<void>): Promise<void> {
    const guarded = () => guardDisk(join(folder, name), work);
    const turn = (writing.get(name) ?? Promise.resolve()).catch(() => undefined).then(guarded);
    writing.set(name, turn);
    return turn;
  }

  return {
    async read(name, schema) {
      const path = join(folder, checked(name));
      return guardDisk(path, () => readStateFile(folder, name, schema));
    },
    write: (name, value) => inTurn(checked(name), () => writeStateFile(folder, name, value)),
    remove: (name) => inTurn(checked(name), () => removeStateFile(folder, name)),
  };
}

async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(join(folder, QUARANTINE), { recursive: true, mode: 0o700 });
  const handle = await open(folder, 'r');
  await handle.chmod(0o700).finally(() => handle.close());
  const leftovers = (await readdir(folder)).filter((name) => TEMPORARY.test(name));
  await Promise.all(leftovers.map((name) => rm(join(folder, name))));
  await syncFolder(folder);
}

function checked(name: string): string {
  if (!NAME.test(name)) throw new RangeError(`${name} is no name of a state file`);
  return name;
}
