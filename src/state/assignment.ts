import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';

export const roleSchema = z.enum(['control-plane', 'worker', 'spare']);
/**
 * `promote`: a worker becomes a control plane, `demote`: the reverse, both under running pods.
 * `retire`: the node leaves Kubernetes and stands by, whether it lives or comes back one day.
 */
export const taskSchema = z.enum([
  'init',
  'join-control-plane',
  'join-worker',
  'stand-by',
  'promote',
  'demote',
  'retire',
]);

/**
 * What the leader asks of one node: key `nodeId`. A node changes its host only for this.
 * A node persists the highest `term` it obeyed and refuses lower ones.
 */
export const assignmentSchema = z.strictObject({
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  term: z.int().min(1),
  operationId: z.string().regex(/^[a-z0-9-]{1,63}$/),
  role: roleSchema,
  task: taskSchema,
  /**
   * The control plane that hands over keys and token, or sees to the departure; null for `init` and
   * `stand-by`.
   */
  sponsor: nodeIdSchema.nullable(),
  /** Of kubeadm, and of the control plane that it makes. */
  kubernetesVersion: z.string().max(32),
  /** Older than that while a rollout has not come to the kubelets; absent: the same. */
  kubeletVersion: z.string().max(32).optional(),
});

export type Role = z.infer<typeof roleSchema>;
export type Task = z.infer<typeof taskSchema>;
export type Assignment = z.infer<typeof assignmentSchema>;
