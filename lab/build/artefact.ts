import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from '../host.ts';
import { LabError } from '../lab-error.ts';
import { existingMachines } from '../machine-disk.ts';
import { say, secondsSince, waitingFor } from '../progress.ts';
import { artefactPath, labDirectory } from '../settings.ts';

/** A folder that is built once, and again only when what it is built from changes. */
export type Artefact = {
  readonly name: string;
  readonly title: string;
  /** Hash of everything that goes into it. */
  readonly key: string;
  /** Fills a new, empty folder. */
  readonly make: (folder: string) => Promise<void>;
};

/** Hash of an artefact's inputs, in their order. */
export function keyOf(...inputs: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

/**
 * Builds the artefact unless it is there already. It appears whole or not at all, and is never
 * replaced under machines that were made from it.
 */
export async function ensureArtefact({
  name,
  title,
  key,
  make,
}: Artefact): Promise<'kept' | 'built'> {
  const path = artefactPath(name);
  const keyFile = join(labDirectory, 'keys', name.replaceAll('/', '-'));
  if ((await exists(path)) && (await readFile(keyFile, 'utf8').catch(() => '')) === key)
    return 'kept';
  if (await exists(path)) await refuseUnderMachines(title);

  const startedMs = performance.now();
  const unfinished = join(labDirectory, 'unfinished', name);
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await waitingFor(title, make(unfinished));

  await mkdir(dirname(keyFile), { recursive: true });
  await mkdir(dirname(path), { recursive: true });
  await rm(keyFile, { force: true });
  await rm(path, { recursive: true, force: true });
  await rename(unfinished, path);
  await writeFile(keyFile, key);
  say(`${title}: built in ${secondsSince(startedMs)}`);
  return 'built';
}

async function refuseUnderMachines(title: string): Promise<void> {
  const machines = await existingMachines();
  if (machines.length === 0) return;
  const names = machines.join(' ');
  throw new LabError(`${title} changed since ${names} was made from it: run \`lab purge\` first`);
}
