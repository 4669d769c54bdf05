import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';

/**
 * Who runs the cluster-wide controllers: key `current`. The entry's revision is the *term*:
 * it grows with each change of leader and never twice names two leaders.
 */
export const leadershipSchema = z.strictObject({
  nodeId: nodeIdSchema.nullable(),
  incarnation: z.int().min(0),
});
