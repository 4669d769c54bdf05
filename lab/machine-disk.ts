import { randomUUID } from 'node:crypto';
import { glob, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { exists, host } from './host.ts';
import { LabError } from './lab-error.ts';
import { address } from './machine-name.ts';
import { artefactPath, labDirectory, networkPrefix } from './settings.ts';

const machines = join(labDirectory, 'machines');

/** Where a machine keeps its disk and its console log. */
export function machineFolder(name: string): string {
  return join(machines, name);
}

/** Every machine that has a disk, in order of number. */
export async function existingMachines(): Promise<readonly string[]> {
  if (!(await exists(machines))) return [];
  const names = await readdir(machines);
  return names.sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)));
}

/** Throws when one of these machines has no disk. */
export async function refuseUnknown(names: readonly string[]): Promise<void> {
  const existing = await existingMachines();
  const unknown = names.filter((name) => !existing.includes(name));
  if (unknown.length === 0) return;
  throw new LabError(`there is no ${unknown.join(', ')}: make it with \`lab up\``);
}

/** Makes a new machine's disk where there is none, and mounts it. */
export async function prepareDisk(name: string): Promise<void> {
  if (!(await exists(artefactPath('store')))) {
    throw new LabError('machines have no image yet: run `npm run lab -- build`');
  }
  const isNew = !(await exists(join(machineFolder(name), 'containerd')));
  for (const folder of ['upper', 'work', 'root', 'kubelet', 'etcd']) {
    await mkdir(join(machineFolder(name), folder), { recursive: true });
  }
  await mountRoot(name);
  if (!isNew) return;
  await writeIdentity(name);
  await fillImageStore(name);
}

/** Unmounts and deletes the disk; the machine must be down. */
export async function destroyDisk(name: string): Promise<void> {
  const root = join(machineFolder(name), 'root');
  if (await isMounted(root)) await host('umount', ['--recursive', root]);
  if (!(await exists(machineFolder(name)))) return;
  // Half a disk must not look like a machine's, should this be interrupted.
  const gone = join(labDirectory, 'wiped', `${name}-${process.pid}`);
  await mkdir(dirname(gone), { recursive: true });
  await rename(machineFolder(name), gone);
  await rm(gone, { recursive: true });
}

/** Bytes that the machine has written beyond the image it started from. */
export async function diskBytes(name: string): Promise<number> {
  const own = ['upper', 'kubelet', 'etcd'].map((each) => join(machineFolder(name), each));
  const flags = ['--summarize', '--one-file-system', '--block-size=1'];
  // Files of a running machine vanish under du, and its exit code complains of nothing else.
  const { stdout } = await execa('du', [...flags, ...own], { reject: false });
  const sizes = [...stdout.matchAll(/^(\d+)\t/gm)].map(([, bytes]) => Number(bytes));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

async function mountRoot(name: string): Promise<void> {
  const disk = machineFolder(name);
  if (await isMounted(join(disk, 'root'))) return;
  const layers = `lowerdir=${artefactPath('rootfs')},upperdir=${disk}/upper,workdir=${disk}/work`;
  await host('mount', ['-t', 'overlay', 'overlay', '-o', layers, join(disk, 'root')]);
}

async function isMounted(path: string): Promise<boolean> {
  return (await readFile('/proc/self/mounts', 'utf8')).includes(` ${path} `);
}

async function writeIdentity(name: string): Promise<void> {
  const etc = join(machineFolder(name), 'root/etc');
  await writeFile(join(etc, 'machine-id'), `${randomUUID().replaceAll('-', '')}\n`);
  await writeFile(join(etc, 'hostname'), `${name}\n`);
  await writeFile(join(etc, 'hosts'), `127.0.0.1 localhost\n${address(name)} ${name}\n`);
  await writeFile(
    join(etc, 'systemd/network/10-host0.network'),
    `[Match]
Name=host0

[Network]
Address=${address(name)}/24
Gateway=${networkPrefix}.254
LinkLocalAddressing=no
IPv6AcceptRA=no
`,
  );
}

// Layers are hard links, shared by all machines and never written; the databases beside them are.
async function fillImageStore(name: string): Promise<void> {
  const store = artefactPath('store');
  const unfinished = join(machineFolder(name), 'containerd.new');
  await rm(unfinished, { recursive: true, force: true });
  await host('cp', ['--archive', '--link', store, unfinished]);
  for await (const database of glob('*/*.db', { cwd: store })) {
    const copy = [
      '--archive',
      '--remove-destination',
      join(store, database),
      join(unfinished, database),
    ];
    await host('cp', copy);
  }
  await rename(unfinished, join(machineFolder(name), 'containerd'));
}
