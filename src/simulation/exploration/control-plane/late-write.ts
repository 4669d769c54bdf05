import { isLate } from '../../../state/fencing.ts';
import { assignmentValue, entry, INCARNATION, operationValue, revisionOfAsked } from './entries.ts';
import { nodeIdAt } from './names.ts';
import { ownEntries, type Place } from './place.ts';

/** Whether what the node at `index` was asked counts for nothing while a leader of that term leads. */
export function isAskedInVain(all: readonly Place[], index: number, term: number): boolean {
  const own = all[index] && ownEntries(all[index]);
  // Only what came late can be void, and as a rule nothing did.
  if (own?.asked?.lateIn === undefined) return false;
  const nodeId = nodeIdAt(index);
  const leader = { nodeId, incarnation: INCARNATION };
  const assignments = all.flatMap(({ asked }, other) => assignmentOf(asked, other));
  const [assignment] = assignmentOf(own.asked, index);
  const operations = own.recorded ? [operationValue(nodeId, own.recorded)] : [];
  return (
    assignment !== undefined &&
    isLate(assignment, {
      leadership: entry('leadership', 'current', leader, term),
      assignments,
      operations: operations.map((value) => entry('operation', value.operationId, value, 1)),
    })
  );
}

function assignmentOf(asked: Place['asked'], index: number) {
  const nodeId = nodeIdAt(index);
  if (!asked) return [];
  return [
    entry('assignment', nodeId, assignmentValue(nodeId, asked, null), revisionOfAsked(asked)),
  ];
}
