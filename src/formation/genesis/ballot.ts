import { z } from 'zod';
import { nodeIdSchema } from '../../state/node-id.ts';

/** One numbered attempt to decide. Only the node it names may issue it, and only once. */
export const ballotSchema = z.strictObject({
  round: z.int().min(1).max(1_000_000_000),
  nodeId: nodeIdSchema,
});

export type Ballot = Readonly<z.infer<typeof ballotSchema>>;

/** Negative, zero or positive, as `Array.sort` wants it; no ballot at all is the lowest. */
export function compareBallots(left: Ballot | null, right: Ballot | null): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (left.round !== right.round) return left.round - right.round;
  if (left.nodeId === right.nodeId) return 0;
  return left.nodeId < right.nodeId ? -1 : 1;
}
