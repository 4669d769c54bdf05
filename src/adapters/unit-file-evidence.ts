import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessAbsent } from './unless-absent.ts';

/** Where the files of a unit may lie: systemd.unit(5), table 1, without those made by generators. */
const FOLDERS = [
  'etc/systemd/system',
  'run/systemd/system',
  'usr/local/lib/systemd/system',
  'usr/lib/systemd/system',
  'lib/systemd/system',
];
const WANTED_AT_BOOT = 'multi-user.target.wants';

/** Changes whenever a file of this unit, its drop-ins or its being enabled does. `root` is for tests. */
export async function unitFileEvidence(root: string, unit: string): Promise<string> {
  const traces = await Promise.all(FOLDERS.map((folder) => tracesIn(join(root, folder), unit)));
  return traces.flat().join('\n');
}

async function tracesIn(folder: string, unit: string): Promise<readonly string[]> {
  const dropIns = join(folder, `${unit}.d`);
  const names = (await unlessAbsent(readdir(dropIns))) ?? [];
  const paths = [
    join(folder, unit),
    join(folder, WANTED_AT_BOOT, unit),
    ...names.toSorted().map((name) => join(dropIns, name)),
  ];
  return Promise.all(paths.map(trace));
}

async function trace(path: string): Promise<string> {
  const found = await unlessAbsent(lstat(path));
  return found ? `${path} ${found.ino} ${found.mtimeMs} ${found.size}` : `${path} absent`;
}
