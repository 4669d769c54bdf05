import type { Assignment, Role } from './assignment.ts';
import { isDeparture } from './departure.ts';

/**
 * What a node still is in the cluster, whatever it was asked: until the departure of a `retire` or
 * `demote` is done, etcd may need its vote to agree on its very removal.
 */
export function roleUntilDeparted(
  { role, task }: Pick<Assignment, 'role' | 'task'>,
  departed: boolean,
): Role {
  return isDeparture(task) && !departed ? 'control-plane' : role;
}
