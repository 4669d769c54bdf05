/** A kubelet renews its lease every 10 s and holds it for 40 s (nodeLeaseDurationSeconds). */
const LEASE_MS = 40_000;
/**
 * One renewal, which may come 4 % later, and time for an API server to take it: whose machine shows by
 * itself that it was emptied is gone when that one did not come.
 */
const WIPED_MS = 13_000;

/** What this process has seen of one kubelet's lease. */
export interface LeaseSight {
  readonly renewedWallMs: number;
  /** Since when it has not seen it renewed, by the monotonic clock. */
  readonly sinceMs: number;
  /** It saw it renewed. */
  readonly moved: boolean;
}

interface Kubelet {
  /** Of its Node. */
  readonly name: string;
  readonly ready: boolean;
  readonly wiped?: boolean;
}

interface Now {
  readonly nowMs: number;
  readonly wallMs: number;
}

/** The sight after one more look; undefined when there is no lease. */
export function lookedAgain(
  before: LeaseSight | undefined,
  lease: { readonly renewedWallMs: number } | undefined,
  { nowMs }: Pick<Now, 'nowMs'>,
): LeaseSight | undefined {
  if (lease === undefined) return undefined;
  const { renewedWallMs } = lease;
  if (before?.renewedWallMs === renewedWallMs) return before;
  return { renewedWallMs, sinceMs: nowMs, moved: before !== undefined };
}

/**
 * Why the kubelet of a node must be taken to run, or undefined. Wall clocks can only make it say so
 * for longer: that the node is dead rests on its verdict, and on the controller manager, which took
 * its Node for lost by a clock of its own. Of a `wiped` machine the node that it is now shows the same,
 * so its lease alone is watched, and by this process's clock alone.
 */
export function kubeletBeat(
  { name, ready, wiped = false }: Kubelet,
  lease: LeaseSight | undefined,
  now: Now,
): string | undefined {
  if (wiped && lease) return wipedBeat(name, lease, now);
  if (ready) return `its Node ${name} is Ready`;
  if (lease === undefined || now.nowMs - lease.sinceMs >= LEASE_MS) return undefined;
  const fresh = lease.moved || now.wallMs - lease.renewedWallMs < LEASE_MS;
  return fresh ? `the kubelet of Node ${name} renewed its lease less than 40 s ago` : undefined;
}

function wipedBeat(name: string, { sinceMs }: LeaseSight, { nowMs }: Now): string | undefined {
  if (nowMs - sinceMs >= WIPED_MS) return undefined;
  return `whether the kubelet of Node ${name} renews its lease is watched for 13 s`;
}
