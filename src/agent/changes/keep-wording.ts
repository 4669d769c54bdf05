import { RetryableError } from '../../errors.ts';
import { SINGLETON } from '../../state/kinds.ts';
import type { ChangePorts } from './change-ports.ts';

/**
 * Keeps the spec as people wrote it. Resolves to false when that can not be told, or when somebody
 * else's took the place at the same moment: the spec itself is as it was acknowledged.
 */
export async function keepWording(
  { store }: ChangePorts,
  text: string | undefined,
): Promise<boolean> {
  const standing = store.get('wording', SINGLETON);
  if (text === undefined || text === standing?.value.text) return true;
  const writing = store.put('wording', SINGLETON, { text }, standing?.revision ?? 0);
  return writing.then(
    () => true,
    (error: unknown) => {
      if (error instanceof RetryableError) return false;
      throw error;
    },
  );
}
