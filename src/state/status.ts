import { z } from 'zod';
import { roleSchema } from './assignment.ts';
import { nodeIdSchema } from './node-id.ts';

/** Why a node does not go on: what it waits for, and what would end the wait. */
export const waitSchema = z.strictObject({
  reason: z.string().max(64),
  message: z.string().max(1_000),
  sinceWallMs: z.int().min(0),
});

/** What a node says of itself: key `nodeId`. Written only when something of it changed. */
export const statusSchema = z.strictObject({
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  phase: z.enum(['preparing', 'waiting', 'installing', 'serving', 'spare', 'failed']),
  role: roleSchema.nullable(),
  /** The operation that brought the node to this phase. */
  operationId: z.string().max(63).nullable(),
  waiting: waitSchema.nullable(),
  kubernetes: z.strictObject({
    nodeReady: z.boolean(),
    kubeletVersion: z.string().max(32).nullable(),
    podCidr: z.string().max(64).nullable(),
    apiServerReady: z.boolean(),
    etcdMember: z.enum(['none', 'learner', 'voter']),
  }),
});

export type Wait = z.infer<typeof waitSchema>;
/** A wait as a decision knows it, before anybody dated it. */
export type WaitReason = Pick<Wait, 'reason' | 'message'>;
export type Status = z.infer<typeof statusSchema>;
