/** What every node has of a release, all three from one folder. */
export const RELEASE_PROGRAMS = ['kubeadm', 'kubelet', 'kubectl'] as const;

export type ReleaseProgram = (typeof RELEASE_PROGRAMS)[number];

/** Where people or packages put programs, as `<folder>/1.34.4/kubeadm`; civitas never writes there. */
const FOREIGN_FOLDERS = ['/opt/k8s'];
/** Where civitas puts what it obtained, beside what a package brought. */
const OWN_FOLDERS = ['/opt/civitas/kubernetes', '/usr/lib/civitas/kubernetes'];

/** `/opt/k8s/1.34.4` and the like, in order of preference. */
export function releaseFolders(version: string): readonly string[] {
  return [...FOREIGN_FOLDERS, ...OWN_FOLDERS].map((folder) => folderIn(folder, version));
}

/** Those that civitas may fill, in order of preference. */
export function ownReleaseFolders(version: string): readonly string[] {
  return OWN_FOLDERS.map((folder) => folderIn(folder, version));
}

function folderIn(folder: string, version: string): string {
  return `${folder}/${version.replace(/^v/, '')}`;
}
