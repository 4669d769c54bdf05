import { z } from 'zod';
import { planIdSchema } from './plan.ts';
import { specChangeSchema } from './spec-difference.ts';

/** What `civitas approve` asks for. */
export const approvalAskSchema = z.strictObject({ planId: planIdSchema });

/** What `civitas apply` asks for; the document is judged field by field. */
export const specAskSchema = z.strictObject({
  document: z.record(z.string(), z.unknown()),
  /** Of the spec that it is an edit of; absent: of the present one, whichever that is. */
  ifRevision: z.int().min(1).optional(),
  /** Judged, and not written. */
  dryRun: z.boolean(),
});

/** What came of either. */
export const specAnswerSchema = z.strictObject({
  /** Of the spec as it stands now. */
  revision: z.int(),
  changes: z.array(specChangeSchema),
});

/** Of the entry that says so. */
export const writtenSchema = z.strictObject({ revision: z.int(), summary: z.string() });

export type SpecAnswer = z.infer<typeof specAnswerSchema>;
export type Written = z.infer<typeof writtenSchema>;
