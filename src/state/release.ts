import { z } from 'zod';
import { planIdSchema } from './plan.ts';

/**
 * What a node gets that is given a role now: the singleton `release`, written only by the leader.
 * Absent before the first rollout: then every node gets what the control planes were given.
 */
export const releaseSchema = z.strictObject({
  term: z.int().min(1),
  /** What kubeadm-config says, so what kubeadm must be and what it makes of a control plane. */
  controlPlane: z.string().max(32),
  /** Never newer than the oldest API server (S7). */
  kubelet: z.string().max(32),
  /**
   * The rollout during which nobody joins, as its control planes differ; a lost control plane is still
   * replaced, by a promotion. Null when joins are free.
   */
  heldBy: planIdSchema.nullable(),
});

export type Release = z.infer<typeof releaseSchema>;
