import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';
import { planIdSchema } from './plan.ts';

/** One question that a rollout depends on, and its answer. */
const findingSchema = z.strictObject({
  /** `etcd-healthy`, `etcd-snapshot`, `disruption-budgets`, `removed-apis`, `certificates`, `feature-gates` … */
  name: z.string().max(64),
  passed: z.boolean(),
  /** What was found, in one sentence; with the cure where it did not pass. */
  message: z.string().max(1_000),
});

/**
 * What a control plane found before a rollout: key `planId`, written only by the node that the order
 * to `survey` went to, and again whenever it finds something else.
 */
export const surveySchema = z.strictObject({
  planId: planIdSchema,
  operationId: z.string().max(63),
  by: nodeIdSchema,
  findings: z.array(findingSchema).max(64),
  surveyedWallMs: z.int().min(0),
});

export type Finding = z.infer<typeof findingSchema>;
export type Survey = z.infer<typeof surveySchema>;
