import { z } from 'zod';

/** One answer of a peer is at most 256 KiB of JSON, and base64 needs four letters for three bytes. */
export const PART_BYTES = 131_072;

const MOST_PART_LETTERS = Math.ceil(PART_BYTES / 3) * 4;

/** A node asks another one for a piece of a bundle's file. */
export const partAskSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  offset: z.int().min(0),
});

/** `absent`: it has no such file; `busy`: later, so many ask now. */
export const partAnswerSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('absent') }),
  z.strictObject({ state: z.literal('busy') }),
  z.strictObject({
    state: z.literal('part'),
    /** At most 128 KiB; empty where the file has no more. */
    base64: z.base64().max(MOST_PART_LETTERS),
  }),
]);

export type PartAsk = z.infer<typeof partAskSchema>;
export type PartAnswer = z.infer<typeof partAnswerSchema>;
