import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';
import { remembered } from './remembered.ts';

/**
 * The file that says for whom and by which operation this host was made a Kubernetes node. It is
 * written before the first other file and removed after the last one, so what stands beside it is
 * ours; nothing else on a host is ever reset (S17).
 */
const hostMarkerSchema = z.strictObject({
  clusterId: z.uuid(),
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  operationId: z.string().max(63),
});

export type HostMarker = z.infer<typeof hostMarkerSchema>;

/** Undefined when the text is no marker: then nothing beside it is ours. */
export const parseHostMarker = remembered((text): HostMarker | undefined => {
  try {
    return hostMarkerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
});
