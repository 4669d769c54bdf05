import type { Assignment, Role } from '../../../state/assignment.ts';
import type { Known } from '../known/known.ts';
import { changed } from '../known/maps.ts';
import { moment, operationsOfNode, progressOf, roleOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

/** The role that each operation was asked for with. */
type State = ReadonlyMap<string, Role>;

const initial: State = new Map();

/** A Node, its label and its etcd member are what a role is to the rest of the world. */
export const committedRoles = invariant({
  id: 'S4',
  title: 'Roles are what the log says',
  rule: 'A host becomes a Node, a control plane or an etcd member only in the role that the log gives it.',
  hears: ['log.committed', 'kubernetes.nodes', 'etcd.members'],
  initial,
  step(state, entry, known) {
    switch (entry.type) {
      case 'log.committed':
        return { state: afterCommit(state, entry) };
      case 'etcd.members':
        return { state, broken: oddMember(state, entry, known) };
      case 'kubernetes.nodes':
        return { state, broken: oddNode(state, entry, known) };
    }
  },
});

function afterCommit(state: State, { kind, value }: Of<'log.committed'>): State {
  if (kind !== 'assignment' || value === null) return state;
  const { operationId, role } = value as Assignment;
  return changed(state, operationId, role);
}

function oddMember(state: State, { cluster, members, atMs }: Of<'etcd.members'>, known: Known) {
  const before = known.members.get(cluster) ?? [];
  const odd = members
    .filter(({ host }) => before.every((old) => old.host !== host))
    .find(({ host }) => !hasRole(state, known, host, 'control-plane'));
  return odd && `${odd.host} became an etcd member at ${moment(atMs)} and is no control plane`;
}

function oddNode(state: State, { cluster, nodes, atMs }: Of<'kubernetes.nodes'>, known: Known) {
  const before = known.nodes.get(cluster) ?? [];
  const odd = nodes
    .filter(({ name, controlPlane }) => {
      return before.find((old) => old.name === name)?.controlPlane !== controlPlane;
    })
    .find(({ name, controlPlane }) => !isAllowed(state, known, name, controlPlane));
  if (odd === undefined) return undefined;
  const is = odd.controlPlane ? 'a control plane' : 'a Node without the control plane';
  return `${odd.name} became ${is} at ${moment(atMs)}, and its role in the log is ${roleOf(known, odd.name) ?? 'none'}`;
}

/** The label comes after the Node, so a Node without it may still become a control plane. */
function isAllowed(state: State, known: Known, host: string, controlPlane: boolean): boolean {
  if (hasRole(state, known, host, 'control-plane')) return true;
  return !controlPlane && hasRole(state, known, host, 'worker');
}

/** Now, or while the operation of an earlier assignment is under way. */
function hasRole(state: State, known: Known, host: string, role: Role): boolean {
  if (roleOf(known, host) === role) return true;
  return operationsOfNode(known, known.nodeIds.get(host)).some(
    (operation) =>
      state.get(operation.operationId) === role && progressOf(operation)?.state !== 'succeeded',
  );
}
