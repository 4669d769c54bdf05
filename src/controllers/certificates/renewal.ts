import { z } from 'zod';

/** What uses a leaf and is started again for a new one, in the order in which that disturbs least. */
export const RESTARTED = ['kube-scheduler', 'kube-controller-manager', 'kube-apiserver'] as const;
/** The rest of them: etcd only where it goes on to show its former leaf; a kubelet for its own. */
const userSchema = z.enum([...RESTARTED, 'etcd', 'kubelet']);

/** A renewal under way, kept on disk from before its first side effect until its outcome is told. */
export const renewalSchema = z.strictObject({
  /** The operation of an order; `over-…` for what was over already. */
  id: z.string().max(63),
  /** What is over already is never put back. */
  ordered: z.boolean(),
  startedWallMs: z.int(),
  phase: z.enum(['renew', 'put-back']),
  /** The leaves to renew, as they were. */
  before: z.array(z.strictObject({ name: z.string().max(64), notAfterWallMs: z.int() })).max(64),
  backedUp: z.boolean(),
  /** They are renewed, and no power cut can take that back. */
  synced: z.boolean(),
  /** Who runs with the leaves that this phase left. */
  restarted: z.array(userSchema).max(8),
  whyPutBack: z.string().max(1_000).nullable(),
});

export type Renewal = z.infer<typeof renewalSchema>;
export type RestartedUser = z.infer<typeof userSchema>;

/** Operation names are limited to 63 characters; what tells two renewals apart stands at the end. */
const ID_CHARACTERS = 50;

/** Of the transient unit that renews. */
export function commandName({ id }: Pick<Renewal, 'id'>): string {
  return `certs-${id.slice(-ID_CHARACTERS)}`;
}
