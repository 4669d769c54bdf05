import { RetryableError } from '../../errors.ts';
import type { HostFiles } from '../../ports/host-files.ts';
import { KUBELET_PODS_FOLDER } from '../../state/kubernetes-paths.ts';

/** Below the folder of a pod, by the name of the plugin: what it mounts, and what it takes as block devices. */
const LOCAL_VOLUMES = [
  'volumes/kubernetes.io~local-volume',
  'volumeDevices/kubernetes.io~local-volume',
];
/** A kubelet runs 110 pods, or somewhat more where people want it. */
const MOST_PODS = 1_024;

/**
 * Whether the kubelet keeps local volumes for any pod, by the names in its folder: nothing that is
 * mounted there is entered. Undefined when a folder can not be read, or holds more pods than are looked at.
 */
export async function findLocalVolumes(
  files: Pick<HostFiles, 'list'>,
): Promise<boolean | undefined> {
  try {
    const pods = await files.list(KUBELET_PODS_FOLDER);
    if (await hasAny(files, pods.slice(0, MOST_PODS))) return true;
    return pods.length > MOST_PODS ? undefined : false;
  } catch (error) {
    // Another look is taken soon, and the node's other facts do not wait for it.
    if (error instanceof RetryableError && error.code === 'files.failed') return undefined;
    throw error;
  }
}

async function hasAny(files: Pick<HostFiles, 'list'>, pods: readonly string[]): Promise<boolean> {
  for (const pod of pods) {
    for (const volumes of LOCAL_VOLUMES) {
      const names = await files.list(`${KUBELET_PODS_FOLDER}/${pod}/${volumes}`);
      if (names.length > 0) return true;
    }
  }
  return false;
}
