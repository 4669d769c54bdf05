import { lstat, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { RetryableError } from '../../errors.ts';
import {
  RELEASE_PROGRAMS,
  type ReleaseProgram,
  releaseFolders,
} from '../../state/release-programs.ts';
import { hasCode } from '../error-code.ts';
import { type FindProgram, programsIn, programsOf } from '../find-program.ts';
import type { ProgramVersion } from '../program-version.ts';
import { canPrepare, type HostItem, missing, ok } from './host-item.ts';

const LINKS = '/usr/local/bin';

/** How each program is asked for its version. */
export const PROGRAM_VERSIONS: Readonly<Record<ReleaseProgram, readonly string[]>> = {
  kubeadm: ['version', '--output=short'],
  kubelet: ['--version'],
  kubectl: ['version', '--client'],
};

/** kubeadm, kubelet and kubectl of exactly the wanted version, all three from one folder or on PATH. */
export function kubernetesBinaries(
  versionOf: ProgramVersion,
  find: FindProgram,
  root: string,
): HostItem {
  /** Name → version of those that are found. */
  async function versions(findOne: FindProgram): Promise<ReadonlyMap<string, string>> {
    const found = await Promise.all(
      RELEASE_PROGRAMS.map(async (name) => {
        const path = await findOne(name);
        if (path === undefined) return [];
        return [[name, parseVersion(await versionOf(path, PROGRAM_VERSIONS[name]))] as const];
      }),
    );
    return new Map(found.flat());
  }

  async function folderOf(wanted: string): Promise<string | undefined> {
    for (const folder of releaseFolders(wanted)) {
      if (areAll(wanted, await versions(programsIn([join(root, folder)])))) return folder;
    }
    return undefined;
  }

  return {
    check: async (kubeadm, wanted) => {
      if (kubeadm !== wanted && (await folderOf(kubeadm)) === undefined) {
        return missing(notFound(kubeadm));
      }
      const installed = await versions(find);
      if (areAll(wanted, installed)) return ok(`kubeadm, kubelet and kubectl are ${wanted}`);
      const folder = await folderOf(wanted);
      if (folder === undefined) return missing(notFound(wanted, installed));
      const obstacle = await firstForeignFile(join(root, LINKS));
      if (obstacle !== undefined) return missing(inTheWay(obstacle, folder));
      return canPrepare(`kubeadm, kubelet and kubectl ${wanted} will be linked from ${folder}`);
    },
    prepare: async (_kubeadm, wanted) => {
      if (areAll(wanted, await versions(find))) return;
      const folder = await folderOf(wanted);
      const obstacle = await firstForeignFile(join(root, LINKS));
      if (obstacle !== undefined) {
        throw new RetryableError('host.binaries', inTheWay(obstacle, folder ?? 'another folder'));
      }
      if (folder !== undefined) return linkAll(root, folder);
      if (!areAll(wanted, await versions(programsOf(root, LINKS)))) {
        throw new RetryableError('host.binaries', notFound(wanted));
      }
      await unlinkAll(root);
    },
  };
}

/** The version in what a program printed; words where there is none. */
export function parseVersion(answer: string): string {
  return /v\d+\.\d+\.\d+[\w.+-]*/.exec(answer)?.[0] ?? 'of unknown version';
}

function areAll(wanted: string, versions: ReadonlyMap<string, string>): boolean {
  return RELEASE_PROGRAMS.every((name) => versions.get(name) === wanted);
}

async function linkAll(root: string, folder: string): Promise<void> {
  for (const name of RELEASE_PROGRAMS) {
    await link(join(root, folder, name), join(root, LINKS, name));
  }
}

/** Without the links, PATH leads to what a package brought. */
async function unlinkAll(root: string): Promise<void> {
  for (const name of RELEASE_PROGRAMS) await rm(join(root, LINKS, name), { force: true });
}

/** A new link takes the old one's place at once: nobody finds the name missing meanwhile. */
async function link(target: string, path: string): Promise<void> {
  const temporary = `${path}.civitas-tmp`;
  await rm(temporary, { force: true });
  await symlink(target, temporary);
  await rename(temporary, path);
}

/** A program in the folder of links that is a file of its own, which only its owner may take away. */
async function firstForeignFile(folder: string): Promise<string | undefined> {
  for (const name of RELEASE_PROGRAMS) {
    const path = join(folder, name);
    if (await isOrdinaryFile(path)) return path;
  }
  return undefined;
}

async function isOrdinaryFile(path: string): Promise<boolean> {
  try {
    return !(await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function notFound(wanted: string, installed: ReadonlyMap<string, string> = new Map()): string {
  const found = [...installed].map(([name, version]) => `${name} ${version}`).join(', ') || 'none';
  const folders = releaseFolders(wanted).join(', ');
  return `kubeadm, kubelet and kubectl ${wanted} are missing (on PATH: ${found}): put all three into one of ${folders}, or on PATH.`;
}

function inTheWay(path: string, folder: string): string {
  return `${path} is a file of another version: remove it, so that the one in ${folder} can be linked there.`;
}
