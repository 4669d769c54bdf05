import { z } from 'zod';
import type { KubeNode } from '../ports/kube.ts';

const CONTROL_PLANE_LABEL = 'node-role.kubernetes.io/control-plane';

export const metadataSchema = z.object({
  name: z.string(),
  uid: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
});

/** The fields we read of a Node; all others are passed over. */
export const nodeObjectSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ podCIDR: z.string().optional() }),
  status: z.object({
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
    addresses: z.array(z.object({ type: z.string(), address: z.string() })).default([]),
    nodeInfo: z.object({ kubeletVersion: z.string() }),
  }),
});

/** A list that is asked for without the content of its objects has `null` for none (seen on v1.33.13). */
export function listSchema<Item extends z.ZodType>(item: Item) {
  const metadata = z.object({ continue: z.string().optional() });
  const items = z.array(item).nullable();
  return z.object({ metadata, items: items.transform((all) => all ?? []) });
}

export function toKubeNode({ metadata, spec, status }: z.infer<typeof nodeObjectSchema>): KubeNode {
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  const internal = status.addresses.find(({ type }) => type === 'InternalIP');
  return {
    name: metadata.name,
    uid: metadata.uid,
    ready: ready?.status === 'True',
    controlPlane: CONTROL_PLANE_LABEL in metadata.labels,
    kubeletVersion: status.nodeInfo.kubeletVersion,
    podCidr: spec.podCIDR ?? null,
    internalIp: internal?.address ?? null,
  };
}
