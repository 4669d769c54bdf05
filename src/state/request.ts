import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';

/**
 * What people asked of one node: key `nodeId`. `leave`, by its own agent only: it gives its place up
 * for good and gets no other while the request stands. `drain`: it gives its pods away and takes none
 * until the request is taken back. `stay`: its departure stops, if that can still be.
 */
export const requestSchema = z.strictObject({
  type: z.enum(['leave', 'drain', 'stay']),
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  askedWallMs: z.int().min(0),
  /** Of the departure that is to stop, of `stay` only: another one is none of its business. */
  operationId: z.string().max(63).optional(),
});

export type Request = z.infer<typeof requestSchema>;
