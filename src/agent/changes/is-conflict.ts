import { RetryableError } from '../../errors.ts';

/** Whether a write did surely not happen, as somebody else's came first. */
export function isConflict(error: unknown): boolean {
  return error instanceof RetryableError && error.code === 'store.conflict';
}
