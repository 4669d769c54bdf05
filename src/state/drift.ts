import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';

export const deviationSchema = z.strictObject({
  /** `manifest:kube-apiserver`, `kubelet-config`, `haproxy`, `unit:kubelet`, `sysctl:…`, `label:…`, `taint:…`, `config-map:kubeadm-config`. */
  item: z.string().max(200),
  /** How it differs, in one sentence; never the content of a secret. */
  message: z.string().max(500),
  /** `repairing` until it is seen to be as it should; `kept` once repairs did not last. */
  state: z.enum(['reported', 'repairing', 'kept']),
  sinceWallMs: z.int().min(0),
});

/**
 * What of a host, or of the cluster where this node looks after it, was changed by hand: key `nodeId`,
 * written only by that node, and removed by it when all is as it should be.
 */
export const driftSchema = z.strictObject({
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  deviations: z.array(deviationSchema).max(64),
});

export type Deviation = z.infer<typeof deviationSchema>;
export type Drift = z.infer<typeof driftSchema>;

/** A manifest of a control plane: to put one back ends a part of it for a moment (S6). */
export function isManifest(item: string): boolean {
  return item.startsWith('manifest:');
}

/**
 * Whether the node puts a manifest of its control plane back, or is about to: stands in the log from
 * before until its control plane is whole again.
 */
export function disturbsControlPlane({ deviations }: Pick<Drift, 'deviations'>): boolean {
  return deviations.some(({ item, state }) => isManifest(item) && state === 'repairing');
}
