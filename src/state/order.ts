import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';
import { planIdSchema } from './plan.ts';

/**
 * What a serving node can be asked for without a change of its role:
 * - `prepare`: have programs and images of a release ready; nothing that runs is touched.
 * - `survey`: look, as a control plane, at all that a rollout may fail of; changes nothing.
 * - `upgrade-control-plane`: API server, controller manager, scheduler and etcd become that release.
 * - `upgrade-kubelet`: kubelet and its configuration become that release.
 * - `reconfigure`: the parts take up what the spec says by now of their configuration.
 * - `renew-certificates`: new leaves, and whatever serves with the old ones started again.
 * - `drain`: the node gives its pods away and stays cordoned, as people asked.
 */
export const orderTaskSchema = z.enum([
  'prepare',
  'survey',
  'upgrade-control-plane',
  'upgrade-kubelet',
  'reconfigure',
  'renew-certificates',
  'drain',
]);

/**
 * What the leader asks of one node that serves: key `nodeId`, written only by it, and removed once the
 * node said what came of it. Fenced like an assignment: a node obeys no lower `term` than it did.
 */
export const orderSchema = z.strictObject({
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  term: z.int().min(1),
  operationId: z.string().regex(/^[a-z0-9-]{1,63}$/),
  task: orderTaskSchema,
  /** Null for a drain that people asked for. */
  planId: planIdSchema.nullable(),
  /** What the node, or for a survey the cluster, is to run in the end. */
  kubernetesVersion: z.string().max(32),
  /** The first control plane of a release: its kubeadm also writes what the cluster keeps of itself. */
  first: z.boolean(),
  /** Whether the node gives its pods away before it is touched. */
  drains: z.boolean(),
  /** The control plane that drains the node and takes it back into service; null where nobody need. */
  sponsor: nodeIdSchema.nullable(),
  /**
   * Present once the leader wants it back: a node that is not drained yet is not drained any more, and
   * takes pods again. Where the sponsor had said `drained` before, the order is carried out.
   */
  recalled: z.literal(true).optional(),
});

export type OrderTask = z.infer<typeof orderTaskSchema>;
export type Order = z.infer<typeof orderSchema>;

/** Tasks that start parts of a node anew. */
const RESTARTING: readonly OrderTask[] = [
  'upgrade-control-plane',
  'upgrade-kubelet',
  'reconfigure',
  'renew-certificates',
];
/** Tasks during which a node serves less than it should (S6). */
const DISRUPTIVE: readonly OrderTask[] = [...RESTARTING, 'drain'];

/** Whether the API server of a control plane, or the kubelet, is started anew for it. */
export function isRestarting({ task }: Pick<Order, 'task'>): boolean {
  return RESTARTING.includes(task);
}

export function isDisruptive({ task }: Pick<Order, 'task'>): boolean {
  return DISRUPTIVE.includes(task);
}
