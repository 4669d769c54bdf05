import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from '@jest/globals';
import { ownReleaseFolders } from '../../../src/state/release-programs.ts';

const FOLDERS = ownReleaseFolders('v1.34.4').map(dirname);

test('the unit of the agent makes a folder for releases, and opens both that there may be to it', async () => {
  const lines = (await readFile('manifests/civitas.service', 'utf8')).split('\n');
  const opened = lines.flatMap((line) => /^ReadWritePaths=(.*)/.exec(line)?.[1]?.split(' ') ?? []);
  // One that is not there must not keep the agent from its start.
  expect(opened).toEqual(expect.arrayContaining(FOLDERS.map((folder) => `-${folder}`)));
  const [first, second] = FOLDERS;
  expect(lines).toContain(
    `ExecStartPre=-+sh -c 'umask 022; mkdir -p ${first} || mkdir -p ${second}'`,
  );
});
