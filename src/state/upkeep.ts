import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';
import { orderReportSchema } from './order-report.ts';

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
});

export type Upkeep = z.infer<typeof upkeepSchema>;

/** Of a host without Kubernetes, or of which nobody knows anything. */
export const NO_PARTS: Upkeep['parts'] = {
  kubelet: null,
  apiServer: null,
  controllerManager: null,
  scheduler: null,
  etcd: null,
  cluster: null,
};
