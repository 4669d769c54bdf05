import { glob, lstat, readlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { host } from '../host.ts';
import type { Layer } from './oci-layout.ts';

/**
 * The layer of a root file system that holds these programs and files and nothing else: each program
 * with its shared libraries, every symbolic link on the way, and the folders they lie in.
 */
export async function userland(
  root: string,
  programs: readonly string[],
  files: readonly string[],
): Promise<Layer> {
  const paths = new Set<string>();
  for (const program of programs) {
    await follow(root, program, paths);
    for (const library of await libraries(root, program)) await follow(root, library, paths);
  }
  for await (const file of glob(files, { cwd: root })) await follow(root, `/${file}`, paths);
  return { root, paths: [...paths].map((path) => path.slice(1)).sort() };
}

async function libraries(root: string, program: string): Promise<readonly string[]> {
  const listing = await host('chroot', [root, 'ldd', program]);
  return [...listing.matchAll(/(?:=> |^\s+)(\/\S+)/gm)].map(([, path = '']) => path);
}

/** Adds a path, what it links to, and the same for each folder above it. */
async function follow(root: string, path: string, into: Set<string>): Promise<void> {
  if (path === '/' || into.has(path)) return;
  const parent = dirname(path);
  await follow(root, parent, into);
  const real = posix.join(await resolveFolder(root, parent), posix.basename(path));
  if (real !== path) return follow(root, real, into);
  into.add(path);
  if (!(await lstat(join(root, path))).isSymbolicLink()) return;
  await follow(root, posix.resolve(parent, await readlink(join(root, path))), into);
}

/** The folder itself, with links in it resolved as the root file system sees them. */
async function resolveFolder(root: string, folder: string): Promise<string> {
  if (folder === '/') return folder;
  const parent = await resolveFolder(root, dirname(folder));
  const path = posix.join(parent, posix.basename(folder));
  if (!(await lstat(join(root, path))).isSymbolicLink()) return path;
  return resolveFolder(root, posix.resolve(parent, await readlink(join(root, path))));
}
