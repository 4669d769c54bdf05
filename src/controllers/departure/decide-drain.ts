import { nextDrainMove } from '../../state/drain-move.ts';
import type { Part } from './course.ts';

/** Empties a living node, as `nextDrainMove` has it. */
export const drain: Part = ({ of, node: seen, drainingForMs, drainTimeoutMs, keeps }) => {
  if (seen === undefined) return undefined;
  const { node, marks, pods, budgets, attachments } = seen;
  const move = nextDrainMove({
    hostname: of.hostname,
    ready: node.ready,
    unschedulable: marks.unschedulable,
    pods,
    budgets,
    attachments,
    keeps,
    overdue: drainingForMs >= drainTimeoutMs,
  });
  if (move === undefined) return undefined;
  const evictions = move.evict.map(({ namespace, name, uid }) => {
    return { type: 'evict', of, pod: { namespace, name, uid } } as const;
  });
  return {
    actions: [...(move.cordon ? [{ type: 'cordon', of } as const] : []), ...evictions],
    ...(move.waiting && { waiting: move.waiting }),
  };
};
