import type { Reasons } from '../../state/decision-event.ts';
import type { Requeue } from '../../state/requeue.ts';
import type { Action } from './action.ts';
import type { MovedControlPlane } from './observed.ts';

type Course = readonly (Action | Requeue)[];

const LOOK_AGAIN_MS = 5_000;
const SOON_MS = 1_000;
const RETRY_MS = 30_000;

/**
 * Its own etcd and API server can not run before they know the address, so nothing that serves is touched.
 * The other members of etcd come first: as long as most of them look for this one elsewhere, the old
 * address may come back and everything with it, which is how a whole cluster that was renumbered is saved.
 */
export function followWithControlPlane(moved: MovedControlPlane, address: string): Course {
  const { isEnrolled, listed, lacking, isUnderOrder } = moved;
  if (!isEnrolled) return [wait(`the log has this host at ${address}`, moved)];
  if (listed === 'unknown' || listed === 'elsewhere') return [untilListed(moved, address)];
  if (isUnderOrder) return [wait('an upgrade or a change of its configuration is over', moved)];
  if (lacking.length > 0) return makeLeaves(moved, address);
  return [
    ...forget(moved, address),
    { type: 'readdress', former: moved.former, address, reasons: because(moved, address) },
    { type: 'requeue', afterMs: SOON_MS },
  ];
}

function makeLeaves(moved: MovedControlPlane, address: string): Course {
  const { command, inStateForMs, lacking } = moved;
  if (command.phase === 'ended') {
    if (inStateForMs >= RETRY_MS) return forget(moved, address);
    const missing = `${lacking.join(', ')} for ${address}`;
    return [wait(`kubeadm has made ${missing}, which is tried again: ${command.reason}`, moved)];
  }
  const soon = { type: 'requeue', afterMs: SOON_MS } as const;
  if (command.phase === 'running') return [soon];
  return [{ type: 'make-leaves', names: lacking, address }, soon];
}

function because({ former, listed }: MovedControlPlane, address: string): Reasons {
  const alone = 'No other control plane is in the log.';
  const known = `The other members of etcd look for this one at ${address}.`;
  return {
    action: 'readdress',
    summary: `The control plane follows its host from ${former} to ${address}: its certificates, manifests and kubeconfigs name that now.`,
    guards: [{ name: 'members-told', passed: true, message: listed === 'alone' ? alone : known }],
    rejected: [],
  };
}

function forget({ command }: MovedControlPlane, address: string): readonly Action[] {
  return command.phase === 'absent' ? [] : [{ type: 'forget-command', address }];
}

function untilListed(moved: MovedControlPlane, address: string): Requeue {
  const known = `most members of etcd know that this one is at ${address}`;
  return wait(`${known}: start the other control planes, or give the old address back`, moved);
}

function wait(until: string, { former }: MovedControlPlane): Requeue {
  const message = `the control plane on this host is set up for ${former}, which the host has no more; it follows as soon as ${until}`;
  const waiting = { reason: 'address-changed', message };
  return { type: 'requeue', afterMs: LOOK_AGAIN_MS, waiting };
}
