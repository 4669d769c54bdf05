import { isKubeletLockedOut } from '../../state/kubelet-credentials.ts';
import type { LeafCertificate } from '../../state/leaf-certificates.ts';
import { KUBELET_CONF_LEAF, KUBELET_LEAF } from '../../state/leaf-files.ts';
import { isOver } from '../../state/leaf-life.ts';
import type { Action } from './action.ts';
import { act, type Course, wait, watch } from './course.ts';
import { doubtful } from './decide-over.ts';
import type { Observed } from './observed.ts';

const MESSAGE =
  'the client certificate of the kubelet is over: waiting for a control plane to hand over a token by which it gets another';

/**
 * The way of a kubelet that nobody lets in any more: one of a control plane is let run first, so that
 * there is an API at all; then each gets a token from a control plane, as when it joined.
 */
export function lockedOutKubelet(observed: Observed): Course | undefined {
  const { leaves, wallMs, serves, parked, clockTrouble, handover, bootstrap, synced } = observed;
  if (!serves || !isKubeletLockedOut(leaves, wallMs)) return undefined;
  if (parked) return watch();
  if (clockTrouble !== undefined) return doubtful(leaves.filter(isOfKubelet), clockTrouble);
  if (synced && handover && handover.tokenId !== bootstrap?.tokenId) {
    return act({ type: 'bootstrap-kubelet' });
  }
  if (observed.hostsControlPlane && !bootstrap) return act({ type: 'hold-kubelet' });
  return wait({ reason: 'kubelet-certificate', message: MESSAGE });
}

/** What a kubelet that has its certificate leaves behind. */
export function settledKubelet({
  leaves,
  wallMs,
  serves,
  synced,
  parked,
  bootstrap,
}: Observed): Course | undefined {
  const rotated = leaves.find(({ name }) => name === KUBELET_LEAF);
  if (!serves || !synced || parked || !rotated || isOver(rotated, wallMs)) return undefined;
  const embedded = leaves.some(({ name }) => name === KUBELET_CONF_LEAF);
  const actions: readonly Action[] = [
    ...(embedded ? [{ type: 'name-rotated' } as const] : []),
    ...(bootstrap ? [{ type: 'remove-bootstrap' } as const] : []),
  ];
  return actions.length > 0 ? { actions } : undefined;
}

function isOfKubelet({ name }: LeafCertificate): boolean {
  return name === KUBELET_LEAF || name === KUBELET_CONF_LEAF;
}
