import { RetryableError } from '../../errors.ts';
import type { HostFiles } from '../../ports/host-files.ts';
import { homeOf, STATIC_PODS } from '../../state/host-residue.ts';
import {
  KUBELET_CONF_FILE,
  KUBELET_CONFIG_FILE,
  KUBELET_FLAGS_FILE,
  KUBELET_INSTANCE_FILE,
  MANIFESTS_FOLDER,
  ROLLBACK_FOLDER,
} from '../../state/kubernetes-paths.ts';
import type { Order } from '../../state/order.ts';
import { versionOfManifest } from '../../state/static-pod-image.ts';

const ETCD_MANIFEST = `${MANIFESTS_FOLDER}/etcd.yaml`;
const MANIFESTS = STATIC_PODS.map(homeOf);
const KUBELET_FILES = [KUBELET_CONFIG_FILE, KUBELET_FLAGS_FILE, KUBELET_INSTANCE_FILE];
/** What a rollback puts back. */
const CHANGED = [...MANIFESTS, ...KUBELET_FILES];
/** All that kubeadm writes in an upgrade, as it renews no certificates then. */
const SAVED = [...CHANGED, KUBELET_CONF_FILE];
const SECRETS = [...MANIFESTS, KUBELET_CONF_FILE];

const SECRET = 0o600;
const PLAIN = 0o644;

/** Copies of what stands on the host; those of an earlier upgrade go. Safe to repeat. */
export async function saveFiles(files: HostFiles): Promise<void> {
  for (const path of SAVED) {
    const content = await files.read(path);
    if (content === undefined) await files.remove(copyOf(path));
    else await files.write(copyOf(path), content, SECRET);
  }
}

/** Files that are empty or gone and were saved: a power cut may have taken what kubeadm just wrote. */
export async function tornFiles(files: HostFiles): Promise<readonly string[]> {
  const torn = await Promise.all(
    SAVED.map(async (path) => {
      const isThere = ((await files.read(path)) ?? '').trim() !== '';
      return !isThere && (await files.read(copyOf(path))) !== undefined;
    }),
  );
  return SAVED.filter((_path, index) => torn[index]);
}

/** Components whose manifest is another than the copy of it. */
export async function changedManifests(files: HostFiles): Promise<readonly string[]> {
  const changed = await Promise.all(
    MANIFESTS.map(async (path) => (await files.read(path)) !== (await files.read(copyOf(path)))),
  );
  return MANIFESTS.filter((_path, index) => changed[index]).map(componentOf);
}

function componentOf(path: string): string {
  return path.slice(MANIFESTS_FOLDER.length + 1, -'.yaml'.length);
}

/** Puts the copies of these files in their places. */
export async function mendFiles(files: HostFiles, paths: readonly string[]): Promise<void> {
  for (const path of paths) await putBack(files, path);
}

/**
 * Writes back what an upgrade that failed had changed. The kubelet's files are those of the kubelet
 * that runs, so they go back in any case; of manifests only an upgrade of the control plane knows. An
 * etcd of a newer minor stays: an older one can not read what it wrote. Throws RetryableError
 * `upkeep.copies-lost` without copies.
 */
export async function putFilesBack(files: HostFiles, task: Order['task']): Promise<void> {
  const paths = task === 'upgrade-kubelet' ? KUBELET_FILES : CHANGED;
  if ((await files.read(copyOf(KUBELET_CONFIG_FILE))) === undefined) {
    throw new RetryableError(
      'upkeep.copies-lost',
      `the files of before this upgrade are gone from ${ROLLBACK_FOLDER}: resume the rollout, so that it is tried again, or reset this node`,
    );
  }
  for (const path of paths) {
    if (path === ETCD_MANIFEST && (await isNewerEtcd(files))) continue;
    await putBack(files, path);
  }
}

async function putBack(files: HostFiles, path: string): Promise<void> {
  const copy = await files.read(copyOf(path));
  if (copy === undefined || copy === (await files.read(path))) return;
  await files.write(path, copy, SECRETS.includes(path) ? SECRET : PLAIN);
}

async function isNewerEtcd(files: HostFiles): Promise<boolean> {
  const [present, before] = await Promise.all(
    [ETCD_MANIFEST, copyOf(ETCD_MANIFEST)].map(async (path) => {
      return minorOfEtcd(versionOfManifest((await files.read(path)) ?? '') ?? '');
    }),
  );
  return (present ?? 0) > (before ?? 0);
}

/** 3.5 and 3.6 as numbers that compare. */
function minorOfEtcd(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1_000 + minor;
}

function copyOf(path: string): string {
  return `${ROLLBACK_FOLDER}/${path.split('/').at(-1)}`;
}
