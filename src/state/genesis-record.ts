import { z } from 'zod';
import { clusterSpecSchema } from './cluster-spec.ts';
import { nodeIdSchema } from './node-id.ts';

/** One nats-server of the log. `serverName` is new for every incarnation of a replica. */
export const replicaSchema = z.strictObject({
  serverName: z.string().regex(/^[a-z2-7]{11}-\d{1,9}$/),
  nodeId: nodeIdSchema,
  address: z.union([z.ipv4(), z.ipv6()]),
  clientPort: z.int().min(1).max(65_535),
  routePort: z.int().min(1).max(65_535),
});

/**
 * The one value that genesis decides. `epoch` counts foundings of the log: two logs of one
 * cluster never share a NATS cluster name, so a fenced epoch can not route to its successor.
 */
export const genesisRecordSchema = z.strictObject({
  version: z.literal(1),
  clusterId: z.uuid(),
  epoch: z.int().min(1),
  expectedNodes: z.int().min(1).max(1_000),
  spec: clusterSpecSchema,
  replicas: z.array(replicaSchema).length(3),
  firstControlPlane: nodeIdSchema,
  /** PEM of the CA whose key every holder of the join key derives with this cluster's id as salt. */
  enrolmentCa: z.string().max(4_096),
});

export type Replica = z.infer<typeof replicaSchema>;
export type GenesisRecord = z.infer<typeof genesisRecordSchema>;

/** The NATS cluster name: `civ-<clusterId>-e<epoch>`. */
export function logName({ clusterId, epoch }: Pick<GenesisRecord, 'clusterId' | 'epoch'>): string {
  return `civ-${clusterId}-e${epoch}`;
}
