import type { z } from 'zod';
import { assignmentSchema } from './assignment.ts';
import { clusterSpecSchema } from './cluster-spec.ts';
import { handoverSchema } from './handover.ts';
import { leadershipSchema } from './leadership.ts';
import { livenessSchema } from './liveness.ts';
import { nodeSchema } from './node.ts';
import { operationSchema } from './operation.ts';
import { statusSchema } from './status.ts';

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
} as const;

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

/** The key of the only entry of kinds that exist once: `spec`, `leadership`. */
export const SINGLETON = 'current';
