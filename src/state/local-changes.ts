import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';
import { planIdSchema } from './plan.ts';
import { holdSchema } from './rollout.ts';
import { specChangeSchema } from './spec-difference.ts';
import { MOST_WORDING } from './wording.ts';

/** What `civitas approve` asks for. */
export const approvalAskSchema = z.strictObject({ planId: planIdSchema });

/** What `civitas pause`, `resume` and `cancel` ask for; without a name: of the rollout under way. */
export const holdAskSchema = z.strictObject({
  planId: planIdSchema.optional(),
  word: holdSchema.shape.word,
});

/** What `civitas drain` and `civitas uncordon` ask for: a host name or a node id. */
export const drainAskSchema = z.strictObject({ node: z.string().min(1).max(63) });

/** What `civitas leave --cancel` asks for; absent: the node of the agent that is asked. */
export const stayAskSchema = z.strictObject({ node: z.string().min(1).max(63).optional() });

/** What came of it: the departure that is to stop, null where none had begun. */
export const stayAnswerSchema = z.strictObject({
  revision: z.int(),
  summary: z.string(),
  nodeId: nodeIdSchema,
  operationId: z.string().nullable(),
});

/** What `civitas apply` and `civitas edit` ask for; the document is judged field by field. */
export const specAskSchema = z.strictObject({
  document: z.record(z.string(), z.unknown()),
  /** Of the spec that it is an edit of; absent: of the present one, whichever that is. */
  ifRevision: z.int().min(1).optional(),
  /** As people wrote it, comments and all; absent: the comments that are kept stay. */
  wording: z.string().max(MOST_WORDING).optional(),
  /** Judged, and not written. */
  dryRun: z.boolean(),
});

/** What came of it. */
export const specAnswerSchema = z.strictObject({
  /** Of the spec as it stands now. */
  revision: z.int(),
  changes: z.array(specChangeSchema),
  /** False where it was handed over with comments, and somebody else's were kept at that moment. */
  wordingKept: z.boolean(),
});

/** Of the entry that says so. */
export const writtenSchema = z.strictObject({ revision: z.int(), summary: z.string() });

export type SpecAnswer = z.infer<typeof specAnswerSchema>;
export type StayAnswer = z.infer<typeof stayAnswerSchema>;
export type Written = z.infer<typeof writtenSchema>;
