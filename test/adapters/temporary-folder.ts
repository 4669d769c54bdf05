import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';

/** Makes folders that are removed after each test of the calling file. */
export function temporaryFolders(): () => Promise<string> {
  const made: string[] = [];
  // A write that a stopped agent had begun may add its file meanwhile, so it is tried again.
  const how = { recursive: true, force: true, maxRetries: 10 };
  afterEach(async () => {
    await Promise.all(made.splice(0).map((folder) => rm(folder, how)));
  });
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'civitas-test-'));
    made.push(folder);
    return folder;
  };
}
