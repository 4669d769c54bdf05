import { mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './process-command.ts';

/** A file system of its own, which a test may fill. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes all that is free. */
  fill(): Promise<void>;
  free(): Promise<void>;
  /** Once nothing uses it any more. */
  remove(): Promise<void>;
}

/** Room for a state directory with its log. */
const BYTES = 32 * 1024 * 1024;

/** Undefined where this machine does not let the test mount anything. */
export async function mountSmallDisk(): Promise<SmallDisk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'civitas-disk-'));
  const options = `size=${BYTES},mode=0700`;
  const mounted = await runCommand(['mount', '-t', 'tmpfs', '-o', options, 'none', folder]);
  if (mounted.exitCode !== 0) {
    await rmdir(folder);
    return undefined;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    async fill() {
      await writeFile(filler, Buffer.alloc(BYTES)).catch(onlyIfFull);
    },
    free: () => rm(filler, { force: true }),
    async remove() {
      await runCommand(['umount', folder]);
      await rmdir(folder);
    },
  };
}

function onlyIfFull(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOSPC') throw error;
}
