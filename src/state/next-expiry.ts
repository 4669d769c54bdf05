import { z } from 'zod';
import type { ClusterSpec } from './cluster-spec.ts';
import { type LeafCertificates, leafCertificatesSchema } from './leaf-certificates.ts';
import { firstToEnd } from './leaf-life.ts';
import type { Node } from './node.ts';

/** The leaf that ends first of all that the nodes told of. */
export const nextExpirySchema = leafCertificatesSchema.shape.leaves.element.extend({
  hostname: z.string(),
  /** What is done when two thirds of its life are over. */
  policy: z.enum(['auto', 'approve', 'window', 'report']),
});

export type NextExpiry = z.infer<typeof nextExpirySchema>;

/** Null while no enrolled node has told of one. */
export function nextExpiry(
  nodes: readonly Node[],
  certificates: readonly LeafCertificates[],
  spec: Pick<ClusterSpec, 'certificates'> | undefined,
): NextExpiry | null {
  const told = nodes.flatMap(({ nodeId, incarnation, hostname }) => {
    const own = certificates.find((each) => each.nodeId === nodeId);
    const leaf = own?.incarnation === incarnation ? firstToEnd(own.leaves) : undefined;
    return leaf ? [{ hostname, leaf }] : [];
  });
  const leaf = firstToEnd(told.map((each) => each.leaf));
  const holder = told.find((each) => each.leaf === leaf);
  if (!leaf || !holder) return null;
  return { ...leaf, hostname: holder.hostname, policy: spec?.certificates.policy ?? 'auto' };
}
