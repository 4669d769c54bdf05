import type { HostFiles } from '../../ports/host-files.ts';
import { KUBERNETES_FOLDER } from '../../state/kubernetes-paths.ts';
import { leafPaths } from '../../state/leaf-files.ts';

/** As secret as the keys in it. */
const BACKUP_FOLDER = `${KUBERNETES_FOLDER}/civitas-renewal`;
const SECRET = 0o600;
const PUBLIC = 0o644;

/** Copies the leaves of these names that are about to be renewed, and their keys: these first, so that the folders are secret. */
export async function backUp(names: readonly string[], files: HostFiles): Promise<void> {
  for (const path of leafPaths(names)) {
    const content = await files.read(path);
    const mode = path.endsWith('.crt') ? PUBLIC : SECRET;
    if (content !== undefined) await files.write(backupOf(path), content, mode);
  }
}

/** The reverse; safe to repeat, as what was put back is no longer there to be moved. */
export async function putBackFiles(names: readonly string[], files: HostFiles): Promise<void> {
  for (const path of leafPaths(names)) await files.move(backupOf(path), path);
}

export function removeBackup(files: HostFiles): Promise<void> {
  return files.removeTree(BACKUP_FOLDER);
}

function backupOf(path: string): string {
  return `${BACKUP_FOLDER}${path.slice(KUBERNETES_FOLDER.length)}`;
}
