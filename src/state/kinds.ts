import type { z } from 'zod';
import { assignmentSchema } from './assignment.ts';
import { bundleSchema } from './bundle.ts';
import { clusterSpecSchema } from './cluster-spec.ts';
import { eventSchema } from './decision-event.ts';
import { departureSchema } from './departure.ts';
import { drainStateSchema } from './drain-state.ts';
import { driftSchema } from './drift.ts';
import { editionSchema } from './edition.ts';
import { handoverSchema } from './handover.ts';
import { leadershipSchema } from './leadership.ts';
import { leafCertificatesSchema } from './leaf-certificates.ts';
import { livenessSchema } from './liveness.ts';
import { nodeSchema } from './node.ts';
import { operationSchema } from './operation.ts';
import { orderSchema } from './order.ts';
import { approvalSchema, planSchema } from './plan.ts';
import { releaseSchema } from './release.ts';
import { replicaSetSchema } from './replicas.ts';
import { requestSchema } from './request.ts';
import { holdSchema, progressSchema, rolloutSchema } from './rollout.ts';
import { statusSchema } from './status.ts';
import { surveySchema } from './survey.ts';
import { upkeepSchema } from './upkeep.ts';
import { wordingSchema } from './wording.ts';

/** Every kind the log holds, with its schema; an entry that does not parse is never acted on (S25). */
export const kindSchemas = {
  spec: clusterSpecSchema,
  node: nodeSchema,
  liveness: livenessSchema,
  leadership: leadershipSchema,
  assignment: assignmentSchema,
  operation: operationSchema,
  status: statusSchema,
  handover: handoverSchema,
  departure: departureSchema,
  request: requestSchema,
  plan: planSchema,
  approval: approvalSchema,
  event: eventSchema,
  replicas: replicaSetSchema,
  release: releaseSchema,
  rollout: rolloutSchema,
  progress: progressSchema,
  order: orderSchema,
  upkeep: upkeepSchema,
  drain: drainStateSchema,
  survey: surveySchema,
  certificates: leafCertificatesSchema,
  drift: driftSchema,
  hold: holdSchema,
  edition: editionSchema,
  bundle: bundleSchema,
  wording: wordingSchema,
} as const;

/** Kinds whose entries are written once, under a key of their own, by whoever has something to tell. */
export const APPENDED_KINDS: readonly (keyof typeof kindSchemas)[] = ['event'];

/**
 * What agents write on behalf of people, and no controller ever: who asks one to change them through
 * its local API is their only writer.
 */
export const PEOPLES_KINDS: readonly (keyof typeof kindSchemas)[] = [
  'request',
  'approval',
  'hold',
  'edition',
  'bundle',
  'wording',
];

export type Kind = keyof typeof kindSchemas;

// Object.keys forgets the key type of a constant whose keys are all known.
export const KINDS = Object.keys(kindSchemas) as readonly Kind[];
export type Value<K extends Kind> = z.infer<(typeof kindSchemas)[K]>;

/** One entry of the log as it was last read; `revision` is what a compare-and-swap names. */
export interface Entry<K extends Kind> {
  readonly kind: K;
  readonly key: string;
  readonly value: Value<K>;
  readonly revision: number;
}

/** The key of the only entry of kinds that exist once: `spec`, `leadership`, `replicas`, `release`. */
export const SINGLETON = 'current';
