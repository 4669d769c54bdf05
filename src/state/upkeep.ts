import { z } from 'zod';
import type { Assignment } from './assignment.ts';
import { nodeIdSchema } from './node-id.ts';
import { orderReportSchema } from './order-report.ts';
import { waitSchema } from './status.ts';

const version = z.string().max(32).nullable();

/**
 * What a node runs, and how far it is with the order that its agent carries out itself: key `nodeId`,
 * written only by that node, when something of it changed. Null of a version: there is no such part,
 * or nobody could tell.
 */
export const upkeepSchema = z.strictObject({
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  parts: z.strictObject({
    kubelet: version,
    apiServer: version,
    controllerManager: version,
    scheduler: version,
    /** Of the etcd program, `3.6.5`. */
    etcd: version,
    /** What kubeadm-config says the cluster is; only control planes see it. */
    cluster: version,
  }),
  /** Releases whose programs and images are all on this host, checked against their sums. */
  prepared: z.array(z.string().max(32)).max(16),
  /** SHA-256 of the configuration that this host's parts were last brought to; null before that. */
  configurationDigest: z.string().max(64).nullable(),
  /** Of the last order; null before the first one. */
  work: orderReportSchema.nullable(),
  /** Of a node that stands by, as long as it has the assignment that it names. */
  standBy: z
    .strictObject({
      /** Of the assignment by which it stands by. */
      operationId: z.string().max(63),
      /** What it is made ready for. */
      kubernetesVersion: z.string().max(32),
      /** `warm`: programs and images of that release are all on this host. */
      state: z.enum(['warming', 'warm']),
      waiting: waitSchema.nullable(),
    })
    .optional(),
});

export type Upkeep = z.infer<typeof upkeepSchema>;
export type StandBy = NonNullable<Upkeep['standBy']>;

/** How ready a node is for a role; what was said of an earlier time without one is no longer true. */
export function standByOf(
  assignment: Pick<Assignment, 'operationId'> | undefined,
  upkeep: Upkeep | undefined,
): StandBy | undefined {
  const { standBy } = upkeep ?? {};
  return standBy?.operationId === assignment?.operationId ? standBy : undefined;
}

/** Of a host without Kubernetes, or of which nobody knows anything. */
export const NO_PARTS: Upkeep['parts'] = {
  kubelet: null,
  apiServer: null,
  controllerManager: null,
  scheduler: null,
  etcd: null,
  cluster: null,
};
