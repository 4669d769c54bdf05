import type { Ports } from '../ports/index.ts';
import { nextSnapshotName, outdatedSnapshots } from '../state/etcd-snapshot-name.ts';
import { SNAPSHOTS_FOLDER } from '../state/kubernetes-paths.ts';

/** What etcd holds before it, or what uses it, is changed; on this host, the newest of each cause, three in all. */
export async function keepSnapshot(
  why: string,
  { etcd, files }: Pick<Ports, 'etcd' | 'files'>,
): Promise<void> {
  const name = nextSnapshotName(await files.list(SNAPSHOTS_FOLDER), why);
  await etcd.snapshot(`${SNAPSHOTS_FOLDER}/${name}`);
  for (const outdated of outdatedSnapshots(await files.list(SNAPSHOTS_FOLDER))) {
    await files.remove(`${SNAPSHOTS_FOLDER}/${outdated}`);
  }
}
