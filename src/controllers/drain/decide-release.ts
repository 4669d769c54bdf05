import { CORDON_MARK } from '../../state/drain-marks.ts';
import type { WaitReason } from '../../state/status.ts';
import type { Action, Cordoned } from './action.ts';
import { type Course, waitIn } from './course.ts';
import type { Ask, Leftover, NodeSight, Sight, SponsoredDrain } from './observed.ts';

/** The work of the order has ended: after a failure at once, after a success once the Node is fit. */
export function releaseAfterWork({ of, entry, sight }: SponsoredDrain): Course {
  const before = entry?.value.operationId === of.operationId ? entry.value : undefined;
  if ('unseen' in sight) return waitIn(before, sight.unseen);
  if (of.work === 'failed') return release(of, sight.node, 'what it was drained for failed');
  if (!isFit(of, sight)) return waitIn(before, notFit(of));
  return release(of, sight.node, 'what it was drained for is done');
}

/**
 * The leader wants the order back before the node was drained. Only who says `drained` may say this
 * instead, so nobody has touched the node, and after it nobody will for this order.
 */
export function releaseRecalled({ of, entry, sight }: SponsoredDrain): Course {
  const before = entry?.value.operationId === of.operationId ? entry.value : undefined;
  if ('unseen' in sight) return waitIn(before, sight.unseen);
  return release(of, sight.node, 'the leader took back what it was to be drained for');
}

/** Nobody asks for the drain any more: whatever state the node is in, the cordon was ours. */
export function releaseLeftover({ entry, hostname, sight }: Leftover): Course {
  if ('unseen' in sight) return waitIn(entry.value, sight.unseen);
  const { nodeId, operationId } = entry.value;
  const of = { nodeId, operationId, hostname: hostname ?? nodeId };
  return release(of, sight.node, 'nobody asks for the drain any more');
}

/** A cordon without the mark of this operation is one of people, or of a departure. */
function release(
  { nodeId, hostname, operationId }: Cordoned,
  node: NodeSight | undefined,
  why: string,
): Course {
  const ours = node?.marks.labels[CORDON_MARK] === operationId;
  const of = { nodeId, hostname, operationId };
  const actions: readonly Action[] = ours ? [{ type: 'uncordon', of, why }] : [];
  return { actions, state: 'released', podsLeft: 0, waiting: undefined };
}

function isFit(of: Ask, { node }: Exclude<Sight, { unseen: WaitReason }>): boolean {
  if (node === undefined || !node.ready) return false;
  return of.task !== 'upgrade-kubelet' || node.kubeletVersion === of.kubernetesVersion;
}

function notFit({ hostname, task, kubernetesVersion }: Ask): WaitReason {
  const release = task === 'upgrade-kubelet' ? ` with kubelet ${kubernetesVersion}` : '';
  const message = `${hostname} is done, and takes pods again once its Node is Ready${release}: see its kubelet if that stays`;
  return { reason: 'node-not-ready', message };
}
