import { KUBELET_FOLDER } from '../paths.ts';
import { putFolder } from '../simulated-disk.ts';
import type { WorldState } from '../world-state.ts';

const MOUNTED = `${KUBELET_FOLDER}/pods/5b0c1d1e/volumes/kubernetes.io~local-volume/data`;

/** On a host that has local volumes a pod uses one as soon as its kubelet has a Node, until it is reset. */
export function mountLocalVolumes(world: WorldState): void {
  for (const { spec, runtime, disk } of world.hosts.values()) {
    const kubelet = runtime?.kubelet;
    if (spec.localVolumes !== true || !kubelet?.running || !kubelet.registered) continue;
    if (disk.folders.has(MOUNTED)) continue;
    putFolder(disk, MOUNTED);
    world.changes += 1;
  }
}
