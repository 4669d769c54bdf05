import type { Progress } from '../../machines/operation-progress.ts';
import type { HostFiles } from '../../ports/host-files.ts';
import type { Assignment } from '../../state/assignment.ts';
import type { HostListing } from '../../state/host-residue.ts';
import { installedFiles } from '../../state/installed-files.ts';
import { isInstalled, type KubernetesFacts } from '../../state/kubernetes-facts.ts';
import {
  BOOTSTRAP_KUBELET_CONF_FILE,
  KUBELET_CERTIFICATE_FILE,
  KUBELET_CONF_FILE,
} from '../../state/kubernetes-paths.ts';
import type { Observed } from './observed.ts';

interface Question {
  readonly assignment: Assignment | undefined;
  readonly progress: Progress | undefined;
  readonly listing: HostListing;
  readonly facts: KubernetesFacts;
}

/** What a power cut may have taken of an installation; looked at only while it matters. */
export async function observeFiles(
  files: HostFiles,
  question: Question,
): Promise<Pick<Observed, 'kubeletStranded' | 'missingFile'>> {
  return {
    kubeletStranded: await isStranded(files, question),
    missingFile: await missingFile(files, question),
  };
}

/**
 * The kubelet has neither its token nor a certificate. kubeadm itself is in the middle of it as long as
 * it may run; it removes the token right after the certificate came.
 */
async function isStranded(
  files: HostFiles,
  { assignment, progress, listing }: Question,
): Promise<boolean> {
  if (assignment?.task !== 'join-control-plane') return false;
  if (progress?.state !== 'verifying' || progress.outcome !== 'vanished') return false;
  if (!listing.etcd.includes('member') || !listing.manifests.includes('etcd.yaml')) return false;
  const credentials = [KUBELET_CONF_FILE, KUBELET_CERTIFICATE_FILE];
  const missing = await missingOf(files, [BOOTSTRAP_KUBELET_CONF_FILE, ...credentials]);
  return missing.includes(BOOTSTRAP_KUBELET_CONF_FILE) && missing.length > 1;
}

async function missingFile(
  files: HostFiles,
  { assignment, progress, facts }: Question,
): Promise<string | undefined> {
  if (!assignment || !progress || progress.state === 'succeeded') return undefined;
  if (!isInstalled(assignment.task, facts)) return undefined;
  const [missing] = await missingOf(files, installedFiles(assignment.task));
  return missing;
}

/** A file whose name was on disk before the power failed, and whose content was not, is empty. */
async function missingOf(files: HostFiles, paths: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(paths.map((path) => files.read(path)));
  return paths.filter((_, index) => !texts[index]?.trim());
}
