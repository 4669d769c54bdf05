import type { Ports } from '../../ports/index.ts';
import { isLate } from '../../state/fencing.ts';
import { SINGLETON } from '../../state/kinds.ts';
import type { Observed } from './observed.ts';

/** What is asked of this node, told apart from what only a leader that had been deposed asked. */
export function observeAssignment({
  self,
  store,
}: Pick<Ports, 'self' | 'store'>): Pick<Observed, 'assignment' | 'lateAssignment'> {
  const entry = store.get('assignment', self.nodeId);
  if (!entry) return { assignment: undefined };
  const log = {
    leadership: store.get('leadership', SINGLETON),
    assignments: store.list('assignment'),
    operations: store.list('operation'),
  };
  if (!isLate(entry, log)) return { assignment: entry.value };
  return { assignment: undefined, lateAssignment: entry.value };
}
