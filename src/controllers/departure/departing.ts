import type { Ports } from '../../ports/index.ts';
import type { Store } from '../../ports/store.ts';
import type { Assignment } from '../../state/assignment.ts';
import { isDeparture } from '../../state/departure.ts';
import { isVoid } from '../../state/fencing.ts';
import { type Entry, SINGLETON } from '../../state/kinds.ts';
import type { Node } from '../../state/node.ts';
import { keeperOf, maySponsor as maySponsorBy } from '../../state/sponsorship.ts';
import { isInPlaceOf, wipedBy } from '../../state/wiped.ts';
import type { Departing } from './observed.ts';

/** Whether this node may see anybody out of the cluster. */
export function maySponsor({ leases, self, store }: Ports): boolean {
  return maySponsorBy(self.nodeId, store, leases.sinceLogFailoverMs());
}

/** The nodes that this one is to see out of the cluster, by assignments that count. */
export function departing({ self, store }: Ports): readonly Departing[] {
  const isForUs = ({ sponsor, task }: Assignment) => sponsor === self.nodeId && isDeparture(task);
  if (!store.list('assignment').some(({ value }) => isForUs(value))) return [];
  return countingAssignments(store)
    .filter(isForUs)
    .flatMap((assignment) => departingOf(assignment, store));
}

/** Assignments that count: a void one asks for nothing, and takes nothing back. */
export function countingAssignments(store: Store): readonly Assignment[] {
  const log = {
    leadership: store.get('leadership', SINGLETON),
    assignments: store.list('assignment'),
    operations: store.list('operation'),
  };
  return log.assignments.filter((entry) => !isVoid(entry, log)).map(({ value }) => value);
}

/** Whether this node takes back what was begun for a departure that was withdrawn. */
export function takesBack({ value: { by } }: Entry<'departure'>, { self, store }: Ports): boolean {
  return keeperOf(by, store) === self.nodeId;
}

function departingOf(assignment: Assignment, store: Store): readonly Departing[] {
  const { nodeId, incarnation, operationId, task } = assignment;
  if (!isDeparture(task)) return [];
  const node = store.get('node', nodeId)?.value;
  if (node?.incarnation !== incarnation) return [];
  const { hostname, addresses } = node;
  const life = lifeOf(assignment, store);
  const hasBegun = store.get('operation', operationId)?.value.nodeId === nodeId;
  const wiped = isWiped(node, store);
  return [{ nodeId, incarnation, operationId, task, hostname, addresses, life, wiped, hasBegun }];
}

function isWiped(node: Node, store: Store): boolean {
  const log = { nodes: store.list('node'), livenesses: store.list('liveness') };
  const successor = store.get('node', wipedBy(log).get(node.nodeId) ?? '')?.value;
  return successor !== undefined && isInPlaceOf(successor, node) && lives(successor, store);
}

function lives({ nodeId, incarnation }: Node, store: Store): boolean {
  const liveness = store.get('liveness', nodeId)?.value;
  return liveness?.verdict === 'alive' && liveness.incarnation === incarnation;
}

function lifeOf({ nodeId, incarnation }: Assignment, store: Store): Departing['life'] {
  const liveness = store.get('liveness', nodeId)?.value;
  if (liveness?.incarnation !== incarnation || liveness.verdict === 'suspect') return 'unknown';
  return liveness.verdict;
}
