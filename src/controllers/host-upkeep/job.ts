import { z } from 'zod';
import { upkeepProgressSchema } from '../../machines/upkeep-progress.ts';
import { type Order, orderTaskSchema } from '../../state/order.ts';

/** Name of the durable file of the last order that this host began. */
export const JOB_FILE = 'upkeep-job';

/** What this host knows of an order across restarts. Written before anything that it tells of is done. */
export const jobSchema = z.strictObject({
  operationId: z.string().max(63),
  task: orderTaskSchema,
  kubernetesVersion: z.string().max(32),
  startedWallMs: z.int().min(0),
  /** The operation by which the node served then: by another one it is another host. */
  servesBy: z.string().max(63),
  /** How the host was before it was touched; null until then. */
  before: z
    .strictObject({
      kubelet: z.string().max(32).nullable(),
      /** Uids of the pods that show its static pods. */
      mirrorPods: z.array(z.string().max(64)).max(16),
    })
    .nullable(),
  /** What a reconfiguration brings the host to; absent in other orders. */
  configurationDigest: z.string().max(64).optional(),
  /** Whether a reconfiguration makes static pods anew; absent in other orders. */
  touchesStaticPods: z.boolean().optional(),
  progress: upkeepProgressSchema,
});

export type Job = z.infer<typeof jobSchema>;

/** Whether the file tells of this very order. */
export function isOf(job: Job | undefined, { operationId }: Pick<Order, 'operationId'>) {
  return job?.operationId === operationId;
}
