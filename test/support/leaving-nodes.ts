import type { Assignment } from '../../src/state/assignment.ts';
import type { Entry } from '../../src/state/kinds.ts';
import { assignment, entry, id } from './controllers-entries.ts';
import { TERM } from './controllers-roles.ts';

/** What a node is asked for that n1 sees off. */
export function retirement(number: number): Assignment {
  const operationId = `retire-${id(number)}-1`;
  return assignment(number, { operationId, role: 'spare', task: 'retire', sponsor: id(1) });
}

/** The cluster has let go of it. */
export function departed(number: number): Entry<'departure'> {
  const { operationId } = retirement(number);
  const departure = { nodeId: id(number), incarnation: 1, operationId, by: id(1) };
  return entry('departure', { ...departure, state: 'done', waiting: null });
}

/** Its kubelet is being upgraded, so that it is out of service. */
export function upgrades(number: number): Entry<'order'> {
  return entry('order', {
    nodeId: id(number),
    incarnation: 1,
    term: TERM,
    operationId: `upgrade-kubelet-${id(number)}-1`,
    task: 'upgrade-kubelet',
    planId: 'upgrade-v1-34-4-9',
    kubernetesVersion: 'v1.34.4',
    first: false,
    drains: true,
    sponsor: id(1),
  });
}
