import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from '../error-code.ts';
import { sync } from '../sync-tree.ts';
import { sumOfFile } from './file-sum.ts';

/** A file on its way: what is there outlives a crash, and has no name before its sum is right. */
export interface IncomingFile {
  /** Absolute; where it lies meanwhile. */
  readonly folder: string;
  /** How much of it is there. */
  size(): Promise<number>;
  append(chunk: Uint8Array): Promise<void>;
  /** Forgets what is there. */
  startOver(): Promise<void>;
  /**
   * Gives it its name, durably, and resolves to undefined; or to the sum it has where that is another
   * than the wanted one: then nothing of it is left.
   */
  keep(): Promise<string | undefined>;
}

interface Places {
  /** In the same file system as `path`. */
  readonly temporary: string;
  readonly path: string;
  readonly sha256: string;
}

/** Of one writer at a time. Its folders have to be there. */
export function incomingFile({ temporary, path, sha256 }: Places): IncomingFile {
  return {
    folder: dirname(temporary),
    size: () => sizeOf(temporary),
    async append(chunk) {
      const file = await open(temporary, 'a', 0o600);
      await file.writeFile(chunk).finally(() => file.close());
    },
    startOver: () => rm(temporary, { force: true }),
    async keep() {
      const found = await sumOfFile(temporary);
      if (found !== sha256) {
        await rm(temporary, { force: true });
        return found;
      }
      await sync(temporary);
      await rename(temporary, path);
      await sync(dirname(path));
      return undefined;
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 0;
    throw error;
  }
}
