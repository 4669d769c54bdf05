import { createHash } from 'node:crypto';
import { chmod, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TerminalError } from '../../errors.ts';
import { ownReleaseFolders } from '../../state/release-programs.ts';
import { hasCode } from '../error-code.ts';
import { sync, syncNames } from '../sync-tree.ts';

/** Of a program and its folder: everybody may run it, and only root change it. The umask of an agent would take that away. */
const MODE = 0o755;

/** The first folder of ours that can be written, made if need be. TerminalError `release.no-folder`. */
export async function writableFolder(root: string, version: string): Promise<string> {
  const folders = ownReleaseFolders(version);
  for (const folder of folders) {
    if (await canBeMade(join(root, folder))) return folder;
  }
  throw new TerminalError(
    'release.no-folder',
    `None of ${folders.join(', ')} can be written: mount one of them writable, or put kubeadm, kubelet and kubectl there.`,
  );
}

/**
 * Copies a program to where it is run, sums what it copies, and gives it its name only then, durably.
 * Resolves to undefined; or to the sum it has where that is another: then nothing is there.
 */
export async function installProgram(
  from: string,
  sha256: string,
  { folder, name }: { readonly folder: string; readonly name: string },
): Promise<string | undefined> {
  const temporary = join(folder, `.${name}.civitas-tmp`);
  await rm(temporary, { force: true });
  const found = await copyAndSum(from, temporary);
  if (found !== sha256) {
    await rm(temporary, { force: true });
    return found;
  }
  await rename(temporary, join(folder, name));
  await sync(folder);
  await syncNames(folder, '/');
  return undefined;
}

async function copyAndSum(from: string, to: string): Promise<string> {
  const source = await open(from, 'r');
  const target = await open(to, 'wx', MODE);
  try {
    const sum = await pour(source, target);
    await target.chmod(MODE);
    await target.sync();
    return sum;
  } finally {
    await source.close();
    await target.close();
  }
}

async function pour(source: FileHandle, target: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source.createReadStream({ autoClose: false })) {
    hash.update(chunk);
    await target.writeFile(chunk);
  }
  return hash.digest('hex');
}

async function canBeMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await chmod(folder, MODE);
    await (await open(join(folder, '.civitas-tmp'), 'w')).close();
    await rm(join(folder, '.civitas-tmp'));
    return true;
  } catch (error) {
    // Node makes ENOENT of EROFS where it makes folders up to the one that is wanted.
    if (hasCode(error, 'EROFS', 'EACCES', 'EPERM', 'ENOENT')) return false;
    throw error;
  }
}
