import { isKubeadmLeaf } from '../../state/leaf-files.ts';
import { isDueSoon, isLate, isRenewable } from '../../state/leaf-life.ts';
import type { Order } from '../../state/order.ts';
import type { WaitReason } from '../../state/status.ts';
import { act, type Course, wait } from './course.ts';
import type { Observed } from './observed.ts';
import type { Renewal } from './renewal.ts';

const ONE_DAY_MS = 86_400_000;
const REFUSED = {
  step: 'refused',
  state: 'failed',
  reason:
    'no certificate of this host is past two thirds of its life, or near to it, by its own clock, on which more than half of the nodes agree: look at the clock of the leader',
} as const;

/** What becomes of an order that is not under way yet; undefined without one that counts. */
export function obeyOrder(observed: Observed): Course | undefined {
  const { order, entry, incarnation, wallMs } = observed;
  if (!order) return undefined;
  const last = entry?.value.incarnation === incarnation ? entry.value.work : null;
  const isOver = last?.operationId === order.operationId && last.state !== 'under-way';
  // It stands until the leader has seen that.
  if (isOver) return undefined;
  const { operationId } = order;
  const closed = closedGate(observed, order);
  const begun = { operationId, startedWallMs: wallMs, reason: null } as const;
  if (closed) return { ...wait(closed), work: { ...begun, step: 'waits', state: 'under-way' } };
  const renewal = renewalOf(observed, order);
  if (renewal.before.length === 0) return { actions: [], work: { ...begun, ...undue(observed) } };
  return {
    // Kept on disk before anything is done for it, so that no older leader is obeyed afterwards (S10).
    ...act({ type: 'obey', term: order.term }, { type: 'record', renewal }),
    work: { ...begun, step: 'begins', state: 'under-way' },
  };
}

/** Done a moment ago, as they were over; or what is left to renew, the kubelet sees to. */
function undue({ leaves, wallMs }: Observed) {
  const isFresh = leaves
    .filter(isRenewable)
    .every(({ notBeforeWallMs }) => wallMs - notBeforeWallMs < ONE_DAY_MS);
  const isLeftToKubelet = leaves.some((leaf) => isLate(leaf, wallMs));
  if (isFresh || isLeftToKubelet) return { step: 'nothing left to renew', state: 'done' } as const;
  return REFUSED;
}

function closedGate(observed: Observed, { term, drains }: Order): WaitReason | undefined {
  const { obeyedTerm, clockTrouble, drained } = observed;
  const absent = notThere(observed);
  if (absent) return absent;
  if (term < obeyedTerm) {
    const message = `the order is of term ${term}, and this host has obeyed a later leader: waiting for the leader to order anew`;
    return { reason: 'stale-order', message };
  }
  if (clockTrouble !== undefined) {
    const message = `no certificate is renewed before the time is certain: ${clockTrouble}`;
    return { reason: 'clock', message };
  }
  if (!drains || drained) return undefined;
  return { reason: 'drain', message: 'waiting for this node to give its pods away' };
}

/** Nothing is done to a host for what only an old copy of the log says, or while something else changes it. */
function notThere({ synced, serves, parked }: Observed): WaitReason | undefined {
  if (!synced) {
    const message = 'waiting for the log: what this host last heard of it may be old';
    return { reason: 'log', message };
  }
  if (parked) {
    const message = 'Kubernetes is parked on this host since the boot: that ends first';
    return { reason: 'parked', message };
  }
  if (serves) return undefined;
  const message = 'this node does not serve, so its certificates are not renewed by an order now';
  return { reason: 'not-serving', message };
}

/** kubeadm renews all of its leaves at once. */
function renewalOf({ leaves, wallMs }: Observed, { operationId }: Order): Renewal {
  const due = leaves.filter((leaf) => isDueSoon(leaf, wallMs));
  const withKubeadm = due.some(({ name }) => isKubeadmLeaf(name));
  const before = leaves.filter((leaf) =>
    isKubeadmLeaf(leaf.name) ? withKubeadm : due.includes(leaf),
  );
  return {
    id: operationId,
    ordered: true,
    startedWallMs: wallMs,
    phase: 'renew',
    before: before.map(({ name, notAfterWallMs }) => ({ name, notAfterWallMs })),
    backedUp: false,
    // Of the kubelet's own there is nothing to make durable: it would make another.
    synced: !withKubeadm,
    restarted: [],
    whyPutBack: null,
  };
}
