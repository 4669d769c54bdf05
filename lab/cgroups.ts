import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exists } from './host.ts';
import { LabError } from './lab-error.ts';
import { labId } from './settings.ts';

const REMOVAL_ATTEMPTS = 100;
const REMOVAL_PAUSE_MS = 20;

type Hierarchy = { readonly path: string; readonly version: 1 | 2 };

/** The name of a machine's cgroup, the same on every hierarchy. */
export function cgroupName(machine: string): string {
  return `${labId}-${machine}`;
}

/**
 * Makes the machine's cgroup on every hierarchy of this host, named ones and the unified one too, and
 * returns their folders: on a hierarchy left out, machines would share a group and delete each other's.
 */
export async function createCgroups(machine: string): Promise<readonly string[]> {
  return Promise.all((await hierarchies()).map((each) => createCgroup(each, machine)));
}

/** Every process of the machine, as this host numbers them. */
export async function processesOf(machine: string): Promise<readonly number[]> {
  const [first] = await hierarchies();
  if (!first) return [];
  const lists = await Promise.all((await groupsOf(first, machine)).map(processesIn));
  return lists.flat();
}

/** Removes the machine's cgroups; its processes must be gone. */
export async function removeCgroups(machine: string): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    for (const group of (await groupsOf(hierarchy, machine)).toReversed()) await remove(group);
  }
}

/** Bytes of memory that the machine's processes hold for themselves, without page cache. */
export async function memoryBytes(machine: string): Promise<number> {
  for (const { path } of await hierarchies()) {
    const file = join(path, cgroupName(machine), 'memory.stat');
    if (!(await exists(file))) continue;
    const held = /^(?:total_rss|anon) (\d+)$/m.exec(await readFile(file, 'utf8'));
    return Number(held?.[1] ?? 0);
  }
  return 0;
}

async function hierarchies(): Promise<readonly Hierarchy[]> {
  const found = new Map<string, Hierarchy>();
  for (const line of (await readFile('/proc/self/mounts', 'utf8')).split('\n')) {
    const [, path = '', type] = line.split(' ');
    if (type === 'cgroup') found.set(path, { path, version: 1 });
    if (type === 'cgroup2') found.set(path, { path, version: 2 });
  }
  if (found.size === 0)
    throw new LabError('no cgroups are mounted: mount them on /sys/fs/cgroup first');
  return [...found.values()];
}

async function createCgroup({ path, version }: Hierarchy, machine: string): Promise<string> {
  const group = join(path, cgroupName(machine));
  if (version === 2) await delegateControllers(path);
  await mkdir(group, { recursive: true });
  if (version === 1 && (await exists(join(group, 'cpuset.cpus')))) await copyCpuset(path, group);
  return group;
}

// In a hybrid layout the unified hierarchy has no controllers, and there is nothing to delegate.
async function delegateControllers(root: string): Promise<void> {
  const controllers = (await readFile(join(root, 'cgroup.controllers'), 'utf8')).trim();
  if (controllers === '') return;
  const all = controllers.split(' ').map((each) => `+${each}`);
  await writeFile(join(root, 'cgroup.subtree_control'), all.join(' '));
}

// A new version 1 cpuset is empty, and no process may enter it.
async function copyCpuset(parent: string, group: string): Promise<void> {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    await writeFile(join(group, file), await readFile(join(parent, file)));
  }
  await writeFile(join(group, 'cgroup.clone_children'), '1');
}

/** Folders of the machine's cgroup and all below it, parents first. */
async function groupsOf(hierarchy: Hierarchy, machine: string): Promise<readonly string[]> {
  const top = join(hierarchy.path, cgroupName(machine));
  if (!(await exists(top))) return [];
  return [top, ...(await foldersBelow(top))];
}

async function foldersBelow(folder: string): Promise<readonly string[]> {
  const entries = await ifStillThere(readdir(folder, { withFileTypes: true }), []);
  const folders = entries
    .filter((each) => each.isDirectory())
    .map((each) => join(folder, each.name));
  const below = await Promise.all(
    folders.map(async (each) => [each, ...(await foldersBelow(each))]),
  );
  return below.flat();
}

async function processesIn(group: string): Promise<readonly number[]> {
  const text = await ifStillThere(readFile(join(group, 'cgroup.procs'), 'utf8'), '');
  return text.split('\n').filter(Boolean).map(Number);
}

async function remove(group: string): Promise<void> {
  for (let attempt = 0; attempt < REMOVAL_ATTEMPTS; attempt += 1) {
    if (await ifStillThere(removed(group), true)) return;
    await sleep(REMOVAL_PAUSE_MS);
  }
  throw new LabError(`cgroup ${group} does not go away: end the processes in its cgroup.procs`);
}

// The kernel says EBUSY for a moment after the last process of a group ended.
async function removed(group: string): Promise<boolean> {
  return rmdir(group).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EBUSY') return false;
      throw error;
    },
  );
}

// Groups come and go while they are read: kubelets and systemds of running machines work in them.
async function ifStillThere<T>(reading: Promise<T>, otherwise: T): Promise<T> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENODEV') return otherwise;
    throw error;
  });
}
