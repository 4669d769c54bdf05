import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { writableFolder } from '../../../src/adapters/releases/install-program.ts';
import { runCommand } from '../../support/process-command.ts';
import { mountSmallDisk } from '../../support/process-small-disk.ts';
import { temporaryFolders } from '../temporary-folder.ts';

const temporaryFolder = temporaryFolders();
const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot('a release goes into the other folder of ours where the first is read-only', async () => {
  const disk = await mountSmallDisk();
  if (!disk) return void process.stdout.write('not tried, as no tmpfs can be mounted here\n');
  const root = await temporaryFolder();
  await mkdir(join(root, 'opt'));
  await symlink(disk.folder, join(root, 'opt/civitas'));
  await runCommand(['mount', '-o', 'remount,ro', disk.folder]);
  const found = writableFolder(root, 'v1.34.9').finally(disk.remove);
  expect(await found).toBe('/usr/lib/civitas/kubernetes/1.34.9');
});
