import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { lockState } from '../../src/adapters/state-lock.ts';
import { temporaryFolders } from './temporary-folder.ts';

const temporaryFolder = temporaryFolders();

const HOLDER = `
  const { lockState } = await import('${new URL('../../src/adapters/state-lock.ts', import.meta.url)}');
  await lockState(process.argv[1]);
  console.log('held');
  setInterval(() => undefined, 60_000);
`;

describe('state lock', () => {
  test('a second agent on the same directory is refused and told the process of the first', async () => {
    const folder = await temporaryFolder();
    const lock = await lockState(folder);
    await expect(lockState(folder)).rejects.toMatchObject({
      code: 'state.locked',
      retryable: false,
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await lock.release();
  });

  test('is free again after a release', async () => {
    const folder = await temporaryFolder();
    await (await lockState(folder)).release();
    await (await lockState(folder)).release();
  });

  test('ends with the process that held it, even when that was killed', async () => {
    const folder = await temporaryFolder();
    const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, folder]);
    await once(holder.stdout, 'data');
    await expect(lockState(folder)).rejects.toMatchObject({
      code: 'state.locked',
      message: expect.stringContaining(`process ${holder.pid}`),
    });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await (await lockState(folder)).release();
  });

  test('children of the agent do not keep it', async () => {
    const folder = await temporaryFolder();
    const lock = await lockState(folder);
    const child = spawn('sleep', ['60']);
    await lock.release();
    await (await lockState(folder)).release();
    child.kill();
    await once(child, 'exit');
  });
});
