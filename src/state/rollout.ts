import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';
import { orderTaskSchema } from './order.ts';
import { planIdSchema } from './plan.ts';
import { waitSchema } from './status.ts';

/**
 * Parts of a rollout, of which the next begins once all of the one before have ended: programs and
 * images, the survey, control planes one at a time, their kubelets one at a time, the one worker that
 * goes first, the others. With several releases they come once for each.
 */
export const STAGES = [
  'prepare',
  'checks',
  'control planes',
  'kubelets of control planes',
  'canary',
  'workers',
] as const;

/** One step of a rollout, as it was planned. */
const rolloutStepSchema = z.strictObject({
  task: orderTaskSchema,
  stage: z.enum(STAGES),
  nodeId: nodeIdSchema,
  hostname: z.string().max(63),
  kubernetesVersion: z.string().max(32),
  first: z.boolean(),
  drains: z.boolean(),
  /** What it disturbs, for people. */
  disturbs: z.string().max(300),
  /** How it is undone, for people. */
  undo: z.string().max(300),
  estimateMs: z.int().min(0),
});

/**
 * A change of the whole cluster, step by step: key `planId`, written once by the leader and never
 * changed. Whoever leads goes on with the same one.
 */
export const rolloutSchema = z.strictObject({
  planId: planIdSchema,
  term: z.int().min(1),
  action: z.enum(['upgrade', 'reconfigure', 'renew-certificates']),
  /** Releases one after the other, with the present one first; one only where none changes. */
  releases: z.array(z.string().max(32)).min(1).max(8),
  /** Of the configuration that it brings, for `reconfigure`; else null. */
  configurationDigest: z.string().max(64).nullable(),
  steps: z.array(rolloutStepSchema).max(5_000),
  /** What must be so before the first node is touched. */
  preconditions: z.array(z.string().max(300)).max(32),
  /** What is so afterwards. */
  expected: z.string().max(1_000),
  summary: z.string().max(1_000),
  /** Of the spec that it follows. */
  specRevision: z.int().min(0),
  /** The newest entry of the log that it was made from. */
  revision: z.int().min(0),
  plannedWallMs: z.int().min(0),
});

/**
 * How far a rollout is: key `planId`, written only by the leader.
 * `waiting`: for approval, the window, or what was found before the first step. `paused`: by people or
 * after a failure; nothing new begins. `cancelled` and `done` are ends.
 */
export const progressSchema = z.strictObject({
  planId: planIdSchema,
  term: z.int().min(1),
  state: z.enum(['waiting', 'running', 'paused', 'cancelled', 'done']),
  /** For people: the stage that is not over, with its release; empty once all are. */
  stage: z.string().max(64),
  waiting: waitSchema.nullable(),
  /** Of the newest entry when it was paused by a failure: only a later word of people ends that. */
  pausedRevision: z.int().min(0).nullable(),
  startedWallMs: z.int().min(0).nullable(),
  endedWallMs: z.int().min(0).nullable(),
  /**
   * Steps that were begun, by their place in the plan, in that order of time; one that failed or was
   * dropped stands once more when it is tried again, and the last word counts. `recalled`: it was taken
   * back before anything of the node was touched, and is still to be done. Without an outcome it is
   * under way.
   */
  steps: z
    .array(
      z.strictObject({
        index: z.int().min(0),
        operationId: z.string().max(63),
        startedWallMs: z.int().min(0),
        endedWallMs: z.int().min(0).nullable(),
        outcome: z.enum(['done', 'failed', 'dropped', 'recalled']).nullable(),
        /** Why it failed, as its node said; absent unless it did. */
        why: z.string().max(1_000).optional(),
      }),
    )
    .max(10_000),
});

/** What people said of a rollout: key `planId`; the newest word counts. */
export const holdSchema = z.strictObject({
  planId: planIdSchema,
  word: z.enum(['pause', 'resume', 'cancel']),
  saidWallMs: z.int().min(0),
});

export type Rollout = z.infer<typeof rolloutSchema>;
export type RolloutStep = z.infer<typeof rolloutStepSchema>;
export type Progress = z.infer<typeof progressSchema>;
export type Hold = z.infer<typeof holdSchema>;
export type Stage = RolloutStep['stage'];
