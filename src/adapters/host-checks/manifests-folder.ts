import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostFiles } from '../../ports/host-files.ts';
import { hasCode } from '../error-code.ts';
import { canPrepare, type HostItem, missing, ok } from './host-item.ts';

const FOLDER = '/etc/kubernetes/manifests';

/**
 * Made before kubeadm runs: a kubelet that finds no such folder looks again only every 20 s,
 * which is what joining a control plane then takes longer.
 */
export function manifestsFolder(files: HostFiles, root: string): HostItem {
  return {
    check: async () => {
      const found = await isFolder(join(root, FOLDER));
      if (found === undefined) return canPrepare(`${FOLDER} will be made`);
      return found ? ok(`${FOLDER} is there`) : missing(`${FOLDER} is no folder: remove it.`);
    },
    prepare: () => files.makeFolder(FOLDER, 0o700),
  };
}

async function isFolder(path: string): Promise<boolean | undefined> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
