import { readProgress } from '../../machines/operation-progress.ts';
import type { Entry } from '../../state/kinds.ts';
import { type LogEntries, nodeFacts } from '../../state/node-facts.ts';
import type { AssignAction } from './action.ts';
import { asBefore, type Plan } from './draft.ts';

/**
 * Gives nodes back the role that they have. What a deposed leader wrote counts for nothing, and may
 * have taken the place of the assignment by which the node serves: its own word, and the operation that
 * it names, tell which that was. Until then the log would have nobody know its role.
 */
export function restoration(
  plan: Plan,
  observed: LogEntries & { readonly operations: readonly Entry<'operation'>[] },
  counting: readonly Entry<'assignment'>[],
): readonly AssignAction[] {
  const voided = observed.assignments.filter((entry) => !counting.includes(entry));
  if (voided.length === 0) return [];
  const facts = nodeFacts(observed);
  return voided.flatMap(({ key, revision }) => {
    const { node, status } = facts.get(key) ?? {};
    const served = observed.operations.find((each) => each.key === status?.operationId)?.value;
    if (!node || status?.phase !== 'serving' || !status.role || !served) return [];
    const isOwn = served.nodeId === key && served.incarnation === node.incarnation;
    if (!isOwn || readProgress(served.snapshot)?.state !== 'succeeded') return [];
    const { role } = status;
    const summary = `${node.hostname} stays what it is, a ${role}: a leader that had been deposed asked it for something else`;
    return [asBefore(plan, { node, role, summary, served, ifRevision: revision })];
  });
}
