import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';
import { waitSchema } from './status.ts';

/**
 * How far a node is with giving its pods away for an order: key `nodeId`, written only by the control
 * plane that sponsors the order. `draining` stands before the cordon; `released` says that the node
 * takes pods again, whatever came of the order.
 */
export const drainStateSchema = z.strictObject({
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  /** Of the order that asks for it. */
  operationId: z.string().max(63),
  by: nodeIdSchema,
  state: z.enum(['draining', 'drained', 'released']),
  /** Pods that are still to go. */
  podsLeft: z.int().min(0),
  waiting: waitSchema.nullable(),
});

export type DrainState = z.infer<typeof drainStateSchema>;
