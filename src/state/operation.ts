import { z } from 'zod';
import { taskSchema } from './assignment.ts';
import { nodeIdSchema } from './node-id.ts';

/** A stored xstate snapshot, continued with `resolveState` + `transition`. */
const snapshotSchema = z.strictObject({
  machine: z.string().max(64),
  version: z.int().min(1),
  value: z.string().max(64),
  context: z.record(z.string(), z.unknown()),
});

/** A resumable, intended change of one host: key `operationId`, written by that host before it acts. */
export const operationSchema = z.strictObject({
  operationId: z.string().regex(/^[a-z0-9-]{1,63}$/),
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  term: z.int().min(1),
  task: taskSchema,
  snapshot: snapshotSchema,
});

export type Snapshot = z.infer<typeof snapshotSchema>;
export type Operation = z.infer<typeof operationSchema>;
