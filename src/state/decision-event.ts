import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';

/** One question that a decision depended on, and its answer. */
const guardSchema = z.strictObject({
  /** `quorum-after-removal`, `grace`, `one-change-at-a-time`. */
  name: z.string().max(64),
  passed: z.boolean(),
  /** What was found, in one sentence. */
  message: z.string().max(500),
});

const rejectionSchema = z.strictObject({
  nodeId: nodeIdSchema,
  hostname: z.string().max(63),
  /** Follows the host name: `n4 carries the label …`. */
  reason: z.string().max(500),
});

/**
 * Something that was decided, and why: key `eventId`, written once. What it names may be gone by the
 * time somebody reads it.
 */
export const eventSchema = z.strictObject({
  /** Sorts by time: wall clock in milliseconds, 14 digits, then what was decided. */
  eventId: z.string().regex(/^\d{14}-[a-z0-9-]{1,100}$/),
  wallMs: z.int().min(0),
  /** Who decided, and in which term; null for what a node decided about itself. */
  by: nodeIdSchema,
  term: z.int().min(1).nullable(),
  controller: z.string().max(64),
  /** `replace`, `promote`, `demote`, `retire`, `join`, `verdict`, `remove-member` … */
  action: z.string().max(64),
  /** The node that it is about; null for the cluster. */
  nodeId: nodeIdSchema.nullable(),
  hostname: z.string().max(63).nullable(),
  operationId: z.string().max(63).nullable(),
  /** One sentence. */
  summary: z.string().max(1_000),
  /** The newest entry of the log that it was decided from. */
  revision: z.int().min(0),
  guards: z.array(guardSchema).max(32),
  /** Who was not chosen, and why. */
  rejected: z.array(rejectionSchema).max(64),
});

export type DecisionEvent = z.infer<typeof eventSchema>;
export type Guard = z.infer<typeof guardSchema>;
export type Rejection = z.infer<typeof rejectionSchema>;

/** A decision's reasons, as a pure `decide` gives them; who, when and where is added when it is kept. */
export type Reasons = Pick<DecisionEvent, 'action' | 'summary' | 'guards' | 'rejected'>;
