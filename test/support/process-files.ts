import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Paths of all files in a folder and below, relative to it, in order. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}

/** Flips one bit in the middle of a file. */
export async function damage(file: string): Promise<void> {
  const content = await readFile(file);
  const middle = content.length >> 1;
  content[middle] = (content[middle] ?? 0) ^ 0x20;
  await writeFile(file, content);
}
