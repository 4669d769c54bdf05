import { z } from 'zod';
import { clusterSpecSchema } from './cluster-spec.ts';

/**
 * A spec that was followed by another: key is its revision in decimal. Whoever edits the spec keeps the
 * present one under its revision first, so each revision that ever counted can be shown.
 */
export const editionSchema = z.strictObject({
  revision: z.int().min(1),
  spec: clusterSpecSchema,
  /** When it was replaced. */
  replacedWallMs: z.int().min(0),
});
