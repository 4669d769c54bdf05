import { z } from 'zod';
import { orderTaskSchema } from './order.ts';
import { waitSchema } from './status.ts';

/** How far an order is, as whoever carries it out says. */
export const orderReportSchema = z.strictObject({
  operationId: z.string().max(63),
  task: orderTaskSchema,
  /** What is done right now, for people: `waits for etcd`, `pulls images`. */
  step: z.string().max(200),
  /** `failed`: given up, and as far as can be put back as it was; `reason` says why. */
  state: z.enum(['under-way', 'done', 'failed']),
  reason: z.string().max(1_000).nullable(),
  /** What keeps it from going on; null when nothing does. */
  waiting: waitSchema.nullable(),
  startedWallMs: z.int().min(0),
  /** All is changed that was to be: nothing more is started anew while it is watched whether that holds. */
  proving: z.boolean().optional(),
});

export type OrderReport = z.infer<typeof orderReportSchema>;
