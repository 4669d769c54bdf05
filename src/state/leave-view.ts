import { z } from 'zod';

const itemSchema = z.strictObject({
  /** What has to be gone: `etcd member`, `Node`. */
  name: z.string(),
  done: z.boolean(),
  /** What was seen of it. */
  message: z.string(),
});

/** How far the departure of this node is, as `civitas leave` follows it. */
export const leaveViewSchema = z.strictObject({
  hostname: z.string(),
  /** People asked for it, and the request is in the log. */
  asked: z.boolean(),
  /** Newest entry of the log that it was judged from. */
  revision: z.int(),
  /** In the order in which they come about. */
  items: z.array(itemSchema),
  /** What the node waits for meanwhile; null when nothing. */
  waiting: z.string().nullable(),
});

export type LeaveView = z.infer<typeof leaveViewSchema>;
export type LeaveItem = z.infer<typeof itemSchema>;
