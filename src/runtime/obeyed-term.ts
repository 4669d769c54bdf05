import { z } from 'zod';
import type { Durable } from '../ports/durable.ts';

/** Terms are revisions of one log: they start anew when the log is founded anew. */
const obeyedTermSchema = z.strictObject({ epoch: z.int().min(1), term: z.int().min(0) });

/**
 * The highest term that this host obeyed in the log of that epoch, by the durable file `name`: 0 for
 * none. Whoever obeyed a later log obeys nobody of an earlier one, so that is infinite (S10).
 */
export async function obeyedTerm(
  durable: Pick<Durable, 'read'>,
  name: string,
  epoch: number,
): Promise<number> {
  const obeyed = await durable.read(name, obeyedTermSchema);
  if (!obeyed || obeyed.epoch < epoch) return 0;
  return obeyed.epoch === epoch ? obeyed.term : Number.POSITIVE_INFINITY;
}

/** Kept before anything is done for it. */
export function keepObeyedTerm(
  durable: Pick<Durable, 'write'>,
  name: string,
  obeyed: z.infer<typeof obeyedTermSchema>,
): Promise<void> {
  return durable.write(name, obeyed);
}
