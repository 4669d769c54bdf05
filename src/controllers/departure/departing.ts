import type { Ports } from '../../ports/index.ts';
import type { Store } from '../../ports/store.ts';
import type { Assignment } from '../../state/assignment.ts';
import { isDeparture } from '../../state/departure.ts';
import { isVoid } from '../../state/fencing.ts';
import { type Entry, SINGLETON } from '../../state/kinds.ts';
import type { NodeId } from '../../state/node-id.ts';
import { isSettledCopy } from '../../state/settled-copy.ts';
import type { Departing } from './observed.ts';

/**
 * Whether this node may do anything for others: it serves as a control plane, nobody asks it to stop
 * that, and its copy of the log is the log.
 */
export function maySponsor({ leases, self, store }: Ports): boolean {
  const enrolled = store.get('node', self.nodeId) !== undefined;
  if (!store.synced || !isSettledCopy(leases.sinceLogFailoverMs(), enrolled)) return false;
  return servesAsControlPlane(self.nodeId, store);
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

/**
 * Who takes back what was begun for a departure that was withdrawn: whoever began it; once that one is
 * dead or no control plane any more, the first of those that serve.
 */
export function takesBack({ value: { by } }: Entry<'departure'>, { self, store }: Ports): boolean {
  const able = store
    .list('status')
    .map(({ value: { nodeId } }) => nodeId)
    .filter((nodeId) => servesAsControlPlane(nodeId, store) && !isDead(nodeId, store))
    .toSorted();
  return (able.includes(by) ? by : able[0]) === self.nodeId;
}

function departingOf(assignment: Assignment, store: Store): readonly Departing[] {
  const { nodeId, incarnation, operationId, task } = assignment;
  if (!isDeparture(task)) return [];
  const node = store.get('node', nodeId)?.value;
  if (node?.incarnation !== incarnation) return [];
  const { hostname, addresses } = node;
  const life = lifeOf(assignment, store);
  const hasBegun = store.get('operation', operationId)?.value.nodeId === nodeId;
  return [{ nodeId, incarnation, operationId, task, hostname, addresses, life, hasBegun }];
}

function lifeOf({ nodeId, incarnation }: Assignment, store: Store): Departing['life'] {
  const liveness = store.get('liveness', nodeId)?.value;
  if (liveness?.incarnation !== incarnation || liveness.verdict === 'suspect') return 'unknown';
  return liveness.verdict;
}

function servesAsControlPlane(nodeId: NodeId, store: Store): boolean {
  const status = store.get('status', nodeId)?.value;
  if (status?.phase !== 'serving' || status.role !== 'control-plane') return false;
  const incarnation = store.get('node', nodeId)?.value.incarnation;
  const assignment = store.get('assignment', nodeId)?.value;
  return assignment?.role === 'control-plane' && status.incarnation === incarnation;
}

function isDead(nodeId: NodeId, store: Store): boolean {
  return store.get('liveness', nodeId)?.value.verdict === 'dead';
}
