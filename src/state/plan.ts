import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';

/** Names one plan for ever: what it is about, and the entry of the log that it goes back to. */
export const planIdSchema = z.string().regex(/^[a-z0-9-]{1,80}$/);

/**
 * What the leader would do if people allowed it: key `planId`, written only by it, never changed, and
 * removed once it was carried out or no longer holds.
 */
export const planSchema = z.strictObject({
  planId: planIdSchema,
  term: z.int().min(1),
  action: z.literal('replace'),
  /** The node that goes. */
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  /** Who takes its place. */
  candidate: nodeIdSchema.nullable(),
  /** One sentence for people. */
  summary: z.string().max(1_000),
  /** The newest entry of the log that it was made from. */
  revision: z.int().min(0),
});

/** A plan that people allowed: key `planId`. */
export const approvalSchema = z.strictObject({
  planId: planIdSchema,
  approvedWallMs: z.int().min(0),
});

export type Plan = z.infer<typeof planSchema>;
export type Approval = z.infer<typeof approvalSchema>;
