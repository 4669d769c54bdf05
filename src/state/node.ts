import { z } from 'zod';
import { distanceSchema } from './distance.ts';
import { nodeIdSchema } from './node-id.ts';

/** What a machine is worth as a control plane; measured once at enrolment. */
const capacitySchema = z.strictObject({
  cpus: z.int().min(1),
  memoryMiB: z.int().min(0),
  /** 99th percentile of write + fdatasync in the state directory; etcd wants below 10 ms. */
  fsyncP99Ms: z.number().min(0),
});

/** A node as it enrolled itself: key `nodeId`, written only by that node. */
export const nodeSchema = z.strictObject({
  nodeId: nodeIdSchema,
  /** Grows by one each time the machine enrols with an empty state directory. */
  incarnation: z.int().min(1),
  hostname: z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/, 'must be an RFC 1123 name'),
  /** Preferred first; the first is the node's Kubernetes InternalIP. */
  addresses: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .min(1)
    .max(16),
  peerPort: z.int().min(1).max(65_535),
  /** The first of its six ports for replicas of the log; absent: an earlier release enrolled it. */
  logPortBase: z.int().min(1).max(65_530).optional(),
  machineIdHash: z.string().regex(/^[0-9a-f]{64}$/),
  zone: z.string().max(63),
  labels: z.record(z.string().max(317), z.string().max(63)),
  /** X25519 public key, base64: what is sealed to it only this node can open. */
  sealKey: z.string().max(64),
  capacity: capacitySchema,
  /** To most others; absent: near, as far as it knows. */
  distance: distanceSchema.optional(),
  /** Whether pods on it use volumes that are on its own disks alone; absent: none, as far as it knows. */
  localVolumes: z.literal(true).optional(),
  agentVersion: z.string().max(64),
});

export type Node = z.infer<typeof nodeSchema>;

/** A node that must never hold the control plane carries this label with any value but `false`. */
export const NEVER_CONTROL_PLANE_LABEL = 'civitas.dev/never-control-plane';
