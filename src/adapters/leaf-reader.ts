import type { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LeafFile } from '../state/leaf-files.ts';
import { leafIn } from './leaf-validity.ts';
import { unlessAbsent } from './unless-absent.ts';

export interface ReadLeaf {
  readonly certificate: X509Certificate;
  /** When its file was written. */
  readonly writtenWallMs: number;
}

interface Known {
  readonly stamp: string;
  readonly leaf: ReadLeaf | undefined;
}

/**
 * Reads leaves, each file again only when it changed. `root` stands before every path. Undefined where
 * there is no such file, or no leaf in it.
 */
export function createLeafReader(
  root: string,
): (file: Pick<LeafFile, 'path' | 'form'>) => Promise<ReadLeaf | undefined> {
  const known = new Map<string, Known>();

  return async (file) => {
    const path = join(root, file.path);
    const found = await unlessAbsent(stat(path));
    if (!found) return undefined;
    const stamp = [found.ino, found.mtimeMs, found.size].join();
    const before = known.get(path);
    if (before?.stamp === stamp) return before.leaf;
    const certificate = leafIn((await unlessAbsent(readFile(path, 'latin1'))) ?? '', file);
    const leaf = certificate && { certificate, writtenWallMs: found.mtimeMs };
    known.set(path, { stamp, leaf });
    return leaf;
  };
}
