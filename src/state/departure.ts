import { z } from 'zod';
import type { Assignment, Task } from './assignment.ts';
import { nodeIdSchema } from './node-id.ts';
import { waitSchema } from './status.ts';

/**
 * What the sponsor of a `demote` or `retire` does for it in the cluster: key `nodeId`, written only
 * by that sponsor. Nothing on the host that departs is taken away before it is `done`: then etcd has
 * no member at that host; a node that retires has no Node, and one that is demoted has no mark of a
 * control plane.
 */
export const departureSchema = z.strictObject({
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  /** Of the assignment that asks for it. */
  operationId: z.string().max(63),
  /** The control plane that sees to it. */
  by: nodeIdSchema,
  /**
   * `past-return`, written before its member is removed or its Node is deleted: it goes on to its end.
   * `taken-back`: people took their request back before that; nothing more is done for it.
   */
  state: z.enum(['under-way', 'past-return', 'taken-back', 'done']),
  /** What keeps it from going on; null when nothing does. */
  waiting: waitSchema.nullable(),
});

export type Departure = z.infer<typeof departureSchema>;

/** Reason of the wait while etcd can not spare a member, or must not be changed at all. */
export const ETCD_NOT_HEALTHY = 'etcd-not-healthy';

/** Whether a task takes a member out of etcd, or a node out of Kubernetes. */
export function isDeparture(task: Task): task is 'demote' | 'retire' {
  return task === 'retire' || task === 'demote';
}

/** Whether the departure that this assignment asks for was stopped, so that the node keeps what it has. */
export function isTakenBack(
  assignment: Pick<Assignment, 'operationId'> | undefined,
  departure: Pick<Departure, 'operationId' | 'state'> | undefined,
): boolean {
  return departure?.state === 'taken-back' && departure.operationId === assignment?.operationId;
}

/** Whether the cluster has let go of the node, for this very assignment. */
export function hasDeparted(
  assignment: Pick<Assignment, 'operationId'> | undefined,
  departure: Pick<Departure, 'operationId' | 'state'> | undefined,
): boolean {
  return departure?.state === 'done' && departure.operationId === assignment?.operationId;
}
