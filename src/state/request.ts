import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';

/**
 * What people asked of one node by its own agent: key `nodeId`. `leave`: it gives its place up for
 * good and gets no other while the request stands.
 */
export const requestSchema = z.strictObject({
  type: z.literal('leave'),
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  askedWallMs: z.int().min(0),
});

export type Request = z.infer<typeof requestSchema>;
