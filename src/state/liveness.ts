import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';

/** The leader's verdict on one incarnation of a node: key `nodeId`. */
export const livenessSchema = z.strictObject({
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  verdict: z.enum(['alive', 'suspect', 'dead']),
  /** The sentence that names what the verdict rests on. */
  evidence: z.string().max(500),
});

export type Liveness = z.infer<typeof livenessSchema>;
