import { z } from 'zod';

/** What the comments of a Cluster document may grow to, in characters. */
export const MOST_WORDING = 65_536;

/**
 * The spec as people last wrote it, comments and all: the singleton `wording`. For people only: the
 * values in it may be older than those of the spec, which alone count.
 */
export const wordingSchema = z.strictObject({
  /** YAML without `metadata`. */
  text: z.string().max(MOST_WORDING),
});
