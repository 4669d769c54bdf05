import type { Store } from '../ports/store.ts';
import { KINDS } from '../state/kinds.ts';

/** Revision of the newest entry that this process has seen of the log; 0 when there is none. */
export function newestRevision(store: Pick<Store, 'list'>): number {
  return Math.max(0, ...KINDS.flatMap((kind) => store.list(kind).map(({ revision }) => revision)));
}
