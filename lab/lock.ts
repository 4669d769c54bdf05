import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { waitingFor } from './progress.ts';
import { labDirectory } from './settings.ts';

/**
 * Runs `work` while holding the lab's lock of this name; a second caller waits and says so.
 * The kernel holds it for flock(1), which ends when this process does: no lock outlives its owner.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const folder = join(labDirectory, 'locks');
  await mkdir(folder, { recursive: true });
  const holder = execa('flock', [join(folder, name), 'sh', '-c', 'echo held; exec cat'], {
    buffer: false,
  });
  await waitingFor(`another lab command that works on ${name}`, once(holder.stdout, 'data'));
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await holder;
  }
}
