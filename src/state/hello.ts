import { z } from 'zod';
import { genesisRecordSchema } from './genesis-record.ts';
import { nodeSchema } from './node.ts';
import { nodeIdSchema } from './node-id.ts';

/** Versions of the peers' protocol that this release speaks. */
export const PROTOCOL = { min: 1, max: 1 } as const;

/** How many other nodes a hello names; of more, a random choice. */
export const MAX_NAMED_PEERS = 64;

/** Read first and alone: a hello of another protocol may look quite different. */
export const protocolSchema = z.object({
  protocol: z.object({ min: z.int().min(1), max: z.int().min(1) }),
});

const port = z.int().min(1).max(65_535);
const { nodeId, incarnation, hostname, addresses, peerPort, machineIdHash, zone } =
  nodeSchema.shape;

/**
 * What a node says of itself whenever two nodes meet. Fields that this release does not know are
 * passed over, so that a later one may add some.
 */
export const helloSchema = protocolSchema.extend({
  nodeId,
  incarnation,
  /** Random for each start of the process: two of them alive with one node id are clones. */
  instance: z.string().regex(/^[0-9a-f]{32}$/),
  /** By the sender's wall clock, when that process started: of clones the older one stays. */
  startedWallMs: z.int(),
  hostname,
  addresses,
  peerPort,
  /** Replica i of the log on this node: clients at base + 2i, routes at base + 2i + 1. */
  logPortBase: port,
  machineIdHash,
  zone,
  tokenDigest: z.string().regex(/^[0-9a-f]{64}$/),
  /** The cluster that the sender belongs to; null while it forms. */
  formed: genesisRecordSchema.pick({ clusterId: true, epoch: true }).nullable(),
  /** That cluster's record, for a receiver that may not hold it. */
  record: genesisRecordSchema.nullable(),
  /** The sender's wall clock. */
  wallMs: z.int(),
  /** Others that the sender met, and where. */
  peers: z
    .array(z.object({ nodeId: nodeIdSchema, address: z.union([z.ipv4(), z.ipv6()]), port }))
    .max(MAX_NAMED_PEERS),
});

/** Why a node is not counted: `code` is stable, `message` one sentence with the cure. */
const refusalSchema = z.object({
  code: z.string().max(64),
  message: z.string().max(1_000),
});

export const helloReplySchema = z.object({
  hello: helloSchema,
  /** What the answering node holds against the asking one. */
  refusal: refusalSchema.nullable(),
});

export type Hello = z.infer<typeof helloSchema>;
export type HelloReply = z.infer<typeof helloReplySchema>;
export type Refusal = z.infer<typeof refusalSchema>;
