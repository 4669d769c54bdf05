import { z } from 'zod';
import { deviationSchema } from './drift.ts';
import { failureBudgetSchema } from './failure-budget.ts';
import { nextExpirySchema } from './next-expiry.ts';
import { openPlanSchema } from './open-plans.ts';
import { planIdSchema } from './plan.ts';
import { rolloutSchema } from './rollout.ts';
import { rolloutSummarySchema } from './rollout-summary.ts';
import { waitSchema } from './status.ts';
import { upkeepSchema } from './upkeep.ts';

const conditionSchema = z.strictObject({
  /** The controller or source that reports. */
  source: z.string(),
  state: z.enum(['idle', 'waiting', 'failing', 'stalled']),
  reason: z.string().nullable(),
  message: z.string().nullable(),
  sinceWallMs: z.int().nullable(),
});

const nodeViewSchema = z.strictObject({
  nodeId: z.string(),
  hostname: z.string(),
  address: z.string(),
  zone: z.string(),
  role: z.enum(['control-plane', 'worker', 'spare']).nullable(),
  /** As it says itself, or what is made of that: `left` once it left, `unknown` of one that is dead. */
  phase: z.string(),
  ready: z.boolean(),
  kubeletVersion: z.string().nullable(),
  /** What runs on it, as it said last; null before it said anything. */
  parts: upkeepSchema.shape.parts.nullable(),
  liveness: z.enum(['alive', 'suspect', 'dead', 'unknown']),
  /** People asked it to leave for good. */
  leaving: z.boolean(),
  /** How far it gives its pods away, for people or a rollout; null of one that takes pods. */
  drain: z.enum(['asked', 'draining', 'drained']).nullable(),
  /** Of a node that stands by: whether programs and images are there; null of any other. */
  standBy: z.enum(['warming', 'warm']).nullable(),
  waiting: waitSchema.nullable(),
});

const discoverySchema = z.strictObject({
  name: z.string(),
  state: z.string(),
  message: z.string(),
});

const peerSchema = z.strictObject({
  nodeId: z.string(),
  hostname: z.string(),
  address: z.string(),
  /** Why this peer is not counted; null when it is. */
  refusal: z.string().nullable(),
});

/** What one agent knows, as `civitas status -o json` prints it. Secrets never stand here. */
export const agentViewSchema = z.strictObject({
  apiVersion: z.literal('civitas.dev/v1alpha1'),
  kind: z.literal('ClusterStatus'),
  agent: z.strictObject({
    nodeId: z.string(),
    hostname: z.string(),
    version: z.string(),
    startedWallMs: z.int(),
  }),
  /** forming: no genesis yet; connecting: genesis, but the log does not answer; running. */
  phase: z.enum(['forming', 'connecting', 'running']),
  clusterId: z.string().nullable(),
  epoch: z.int().nullable(),
  kubernetesVersion: z.string().nullable(),
  /** Every enrolled node serves and is Ready, and the control planes are as many as the spec asks. */
  whole: z.boolean(),
  /** One sentence: what the cluster is doing or waiting for. */
  summary: z.string(),
  leader: z.string().nullable(),
  /** Of the newest entry of the log that this agent has seen; 0 without a log. */
  revision: z.int(),
  /** Revisions of all assignments and operations: what was decided, and that nothing was since. */
  decisions: z.record(z.string(), z.int()),
  controlPlanes: z.strictObject({ wanted: z.int(), serving: z.int() }),
  /** What may be lost now; null before the first control plane serves. */
  budget: failureBudgetSchema.nullable(),
  /** The one under way; null when there is none. */
  rollout: rolloutSummarySchema.nullable(),
  /** The rollout that the spec still asks for and people cancelled, with the releases that run; null: none. */
  cancelled: z
    .strictObject({
      planId: planIdSchema,
      action: rolloutSchema.shape.action,
      runs: z.array(z.string()),
      wants: z.string(),
    })
    .nullable(),
  /** What the leader would do if people allowed it. */
  plans: z.array(openPlanSchema),
  /** The certificate that ends first; null before a node told of one. */
  certificates: nextExpirySchema.nullable(),
  /** What people or other tools changed on hosts, as these say. */
  drift: z.array(deviationSchema.extend({ hostname: z.string() })),
  nodes: z.array(nodeViewSchema),
  discovery: z.array(discoverySchema),
  peers: z.array(peerSchema),
  conditions: z.array(conditionSchema),
});

export type AgentView = z.infer<typeof agentViewSchema>;
export type NodeView = z.infer<typeof nodeViewSchema>;
export type Condition = z.infer<typeof conditionSchema>;
