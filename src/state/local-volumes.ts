/** What a node sees of volumes that are on its own disks alone (`local` PersistentVolumes). */
export interface LocalVolumesSight {
  /** Whether any pod on it has one. */
  readonly inUse: boolean;
  /** For how long each look has found the same. */
  readonly forMs: number;
}

/** A rollout of the pods that use them, or a restart of the host, is over by then. */
const SETTLED_MS = 300_000;

/** Whether pods on a node use local volumes, as it tells of itself; `before`: what it has told so far. */
export function tellsOfLocalVolumes(
  sight: LocalVolumesSight | undefined,
  before: boolean,
): boolean {
  if (sight === undefined || sight.forMs < SETTLED_MS) return before;
  return sight.inUse;
}
