import { open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode } from './error-code.ts';

/** fsync of all files and folders at or below a path; of nothing where there is none. */
export async function syncTree(path: string): Promise<void> {
  await unlessGone(async () => {
    const found = await stat(path);
    if (found.isDirectory()) await syncBelow(path);
    else if (found.isFile()) await sync(path);
  });
}

/** fsync of every folder above a path, up to `root`: they hold the names that lead to it. */
export async function syncNames(path: string, root: string): Promise<void> {
  for (let folder = path; folder.length > root.length; ) {
    folder = dirname(folder);
    await unlessGone(() => sync(folder));
  }
}

/** The folder comes last, so that no name is safe before what it names. */
async function syncBelow(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return unlessGone(() => syncBelow(path));
      return entry.isFile() ? unlessGone(() => sync(path)) : undefined;
    }),
  );
  await sync(folder);
}

/** fsync of one file, or of the names in one folder. Linux takes any descriptor, also one for reading. */
export async function sync(path: string): Promise<void> {
  const opened = await open(path, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

/** Others go on writing meanwhile: what they removed needs no sync. */
async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
  }
}
