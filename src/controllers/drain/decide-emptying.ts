import { nextDrainMove } from '../../state/drain-move.ts';
import type { WaitReason } from '../../state/status.ts';
import type { Action } from './action.ts';
import { type Course, waitIn } from './course.ts';
import type { Ask, NodeSight, Observed, SponsoredDrain } from './observed.ts';

/** The node gives its pods away: nothing is touched before they are found to go, and nothing by force. */
export function emptying(drain: SponsoredDrain, observed: Observed): Course {
  const { of, sight, entry } = drain;
  const before = entry?.value.operationId === of.operationId ? entry.value : undefined;
  if ('unseen' in sight) return waitIn(before, sight.unseen);
  if (sight.node === undefined) return waitIn(before, noNode(of.hostname));
  const closed = lastControlPlane(of) ?? othersFirst(sight.node, of, observed);
  if (closed) return waitIn(before, closed);
  return move(drain, sight.node, observed);
}

/** It loses nothing any more from then on (S26). */
function lastControlPlane({ hostname, lastControlPlane: isLast }: Ask): WaitReason | undefined {
  if (!isLast) return undefined;
  const message = `${hostname} is the last control plane that serves, and gives no pods away: bring another one back, or add one`;
  return { reason: 'last-control-plane', message };
}

/** No cordon beside one that nobody asks for any more (S6). */
function othersFirst(
  { marks }: NodeSight,
  { hostname }: Ask,
  { unreleased }: Observed,
): WaitReason | undefined {
  if (marks.unschedulable || unreleased.length === 0) return undefined;
  const names = unreleased.map((each) => each.hostname).join(', ');
  const message = `${names} must take pods again before ${hostname} is drained: its sponsor sees to that, or the next control plane once that one is found dead`;
  return { reason: 'drain-left', message };
}

function move(
  { of, drainingForMs }: SponsoredDrain,
  { ready, marks, pods, budgets, attachments }: NodeSight,
  { drainTimeoutMs, keeps }: Observed,
): Course {
  const next = nextDrainMove({
    hostname: of.hostname,
    ready,
    unschedulable: marks.unschedulable,
    pods,
    budgets,
    attachments,
    keeps,
    overdue: drainingForMs >= drainTimeoutMs,
  });
  if (next === undefined) {
    return { actions: [], state: 'drained', podsLeft: 0, waiting: undefined };
  }
  const evictions: readonly Action[] = next.evict.map(({ namespace, name, uid }) => {
    return { type: 'evict', of, pod: { namespace, name, uid } };
  });
  const actions: readonly Action[] = next.cordon ? [{ type: 'cordon', of }] : evictions;
  return { actions, state: 'draining', podsLeft: next.podsLeft, waiting: next.waiting };
}

function noNode(hostname: string): WaitReason {
  const message = `Kubernetes has no Node ${hostname}, so nothing of it can be drained: start its kubelet`;
  return { reason: 'node-not-ready', message };
}
