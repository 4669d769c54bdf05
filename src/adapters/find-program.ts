import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Where administrators and packages put programs; the agent's own PATH may be shorter. */
const PROGRAM_FOLDERS = ['usr/local/sbin', 'usr/local/bin', 'usr/sbin', 'usr/bin', 'sbin', 'bin'];

/** The same as a shell has it. */
export const PROGRAM_PATH = PROGRAM_FOLDERS.map((folder) => `/${folder}`).join(':');

/** The path of an executable of that name; undefined when there is none. */
export type FindProgram = (name: string) => Promise<string | undefined>;

/**
 * Looks where a host keeps its programs, but in one folder if that is named. `root` stands before the
 * folders, for tests.
 */
export function programsOf(root: string, except?: string): FindProgram {
  const folders = PROGRAM_FOLDERS.filter((folder) => `/${folder}` !== except);
  return programsIn(folders.map((folder) => join(root, folder)));
}

export function programsIn(folders: readonly string[]): FindProgram {
  return async (name) => {
    for (const folder of folders) {
      const path = join(folder, name);
      if (await isExecutable(path)) return path;
    }
    return undefined;
  };
}

/** False also for what is not there. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
