import { RetryableError } from '../../errors.ts';
import type { Store } from '../../ports/store.ts';
import { type Entry, SINGLETON } from '../../state/kinds.ts';

/** RetryableError `change.no-spec` before the founding wrote the first one. */
export function presentSpec(store: Pick<Store, 'get'>): Entry<'spec'> {
  const present = store.get('spec', SINGLETON);
  if (present) return present;
  throw new RetryableError(
    'change.no-spec',
    'The cluster has no spec yet: see what `civitas status` waits for.',
  );
}
