import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { CivitasError } from '../../errors.ts';
import type { WantedRelease } from '../../ports/releases.ts';
import type { Arch } from '../../state/bundle.ts';
import { wrongSumInFolder } from '../../state/release-errors.ts';
import {
  ownReleaseFolders,
  RELEASE_PROGRAMS,
  type ReleaseProgram,
  releaseFolders,
} from '../../state/release-programs.ts';
import { knownSum } from '../../state/release-sums.ts';
import { hasCode } from '../error-code.ts';
import { PROGRAM_VERSIONS, parseVersion } from '../host-checks/kubernetes-binaries.ts';
import type { ProgramVersion } from '../program-version.ts';
import type { FileSum } from './file-sum.ts';

/** `wrong`: three programs, one of which is not what it should be; ours to replace in a folder of ours. */
export type FolderVerdict =
  | { readonly state: 'right'; readonly folder: string }
  | { readonly state: 'absent' }
  | { readonly state: 'wrong'; readonly isOurs: boolean; readonly error: CivitasError };

interface Deps {
  readonly root: string;
  readonly arch: Arch;
  readonly sumOf: FileSum;
  readonly versionOf: ProgramVersion;
}

/** The first folder with all three programs decides, as it does wherever one of them is started. */
export async function judgeFolders(deps: Deps, wanted: WantedRelease): Promise<FolderVerdict> {
  for (const folder of releaseFolders(wanted.version)) {
    const verdict = await judgeFolder(deps, wanted, folder);
    if (verdict.state !== 'absent') return verdict;
  }
  return { state: 'absent' };
}

async function judgeFolder(
  deps: Deps,
  wanted: WantedRelease,
  folder: string,
): Promise<FolderVerdict> {
  if (!(await areThere(join(deps.root, folder)))) return { state: 'absent' };
  for (const program of RELEASE_PROGRAMS) {
    const verdict = await judgeProgram(deps, wanted, { folder, program });
    if (verdict !== undefined) return verdict;
  }
  return { state: 'right', folder };
}

/** Undefined: it is right. */
async function judgeProgram(
  { root, arch, sumOf, versionOf }: Deps,
  wanted: WantedRelease,
  { folder, program }: { readonly folder: string; readonly program: ReleaseProgram },
): Promise<FolderVerdict | undefined> {
  const { version } = wanted;
  const path = join(folder, program);
  const expected = knownSum(wanted, { version, arch }, program);
  if (expected === undefined) {
    const said = parseVersion(await versionOf(join(root, path), PROGRAM_VERSIONS[program]));
    return said === version ? undefined : { state: 'absent' };
  }
  const found = await sumOf(join(root, path));
  if (found === expected) return undefined;
  const isOurs = ownReleaseFolders(version).includes(folder);
  return { state: 'wrong', isOurs, error: wrongSumInFolder(path, expected, found) };
}

async function areThere(folder: string): Promise<boolean> {
  try {
    for (const name of RELEASE_PROGRAMS) await access(join(folder, name), constants.X_OK);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return false;
    throw error;
  }
}
