import type { Role } from '../../state/assignment.ts';
import { STATIC_PODS } from '../../state/host-residue.ts';
import type { Requeue } from '../../state/requeue.ts';
import type { Observed } from './observed.ts';

/** A log that is there answers within seconds of a boot; without one, Kubernetes starts as it would alone. */
const MOST_WAIT_MS = 60_000;
const LOOK_AGAIN_MS = 500;

/** One action on what was parked. */
export interface Action {
  readonly type: 'give-back';
  /** Of files. */
  readonly names: readonly string[];
}

/**
 * Gives back what the role of this node needs, as soon as the log says that it has it, or has said
 * nothing for long. Whom any copy of the log calls deposed, however old, never gets it back by
 * waiting: only the log itself can have given it the role anew.
 */
export function decide({
  parked,
  synced,
  role,
  waitedMs,
}: Observed): readonly (Action | Requeue)[] {
  const names = parked.filter((name) => isDue(name, role));
  if (names.length === 0) return [];
  const isConfirmed = synced && role !== undefined;
  if (isConfirmed || waitedMs >= MOST_WAIT_MS) return [{ type: 'give-back', names }];
  const message =
    'Kubernetes is parked on this host since the boot, until the log says that it still has its role, or has been silent for 60 s';
  return [{ type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting: { reason: 'parked', message } }];
}

/** A worker has a kubelet and no static pods of a control plane; a spare has neither. */
function isDue(name: string, role: Role | undefined): boolean {
  if (role === 'spare') return false;
  return role !== 'worker' || !STATIC_PODS.includes(name);
}
