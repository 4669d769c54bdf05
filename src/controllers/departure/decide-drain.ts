import { drainStep, isDrained } from '../../state/drain.ts';
import { deadlocks, drainObstacles } from '../../state/drain-report.ts';
import type { WaitReason } from '../../state/status.ts';
import { type Part, type Situation, waitFor } from './course.ts';
import type { NodeSight } from './observed.ts';

/**
 * Empties a living node, never by force. Pods with an emptyDir go like all others; bare ones, which
 * nobody makes anew, only once `drainTimeoutSeconds` are over, so that people can save them.
 */
export const drain: Part = (situation) => {
  const { of, node, drainingForMs, drainTimeoutMs } = situation;
  if (node === undefined) return undefined;
  const overdue = drainingForMs >= drainTimeoutMs;
  const step = drainStep(node.pods, node.budgets, { emptyDir: true, bare: overdue });
  if (!node.node.ready) return isDrained(step) ? undefined : waitFor(notReady(situation));
  if (!node.marks.unschedulable) {
    const found = deadlocks(step);
    return found.length > 0
      ? waitFor(blocked(situation, found))
      : { actions: [{ type: 'cordon', of }] };
  }
  const left = [...drainObstacles(step), ...volumes(node)];
  if (left.length === 0) return undefined;
  const stuck = overdue || deadlocks(step).length > 0;
  return {
    actions: step.evict.map(({ namespace, name, uid }) => {
      return { type: 'evict', of, pod: { namespace, name, uid } };
    }),
    waiting: stuck ? blocked(situation, left) : draining(situation),
  };
};

function volumes({ attachments }: NodeSight): readonly string[] {
  if (attachments.length === 0) return [];
  const names = attachments.map(({ name, volume }) => volume ?? name).join(', ');
  return [`volumes are still attached: ${names}`];
}

function notReady({ of: { hostname } }: Situation): WaitReason {
  const message = `${hostname} lives, and its Node is not Ready, so nobody ends its pods: start its kubelet; or delete the Node if none of them runs any more`;
  return { reason: 'node-not-ready', message };
}

function draining({ of: { hostname } }: Situation): WaitReason {
  return { reason: 'draining', message: `the pods of ${hostname} are being moved elsewhere` };
}

function blocked({ of: { hostname } }: Situation, why: readonly string[]): WaitReason {
  const message = `${hostname} can not be drained: ${why.join('; ')}`;
  return { reason: 'drain-blocked', message };
}
