import type { Store } from '../../src/ports/store.ts';
import type { Entry, Kind } from '../../src/state/kinds.ts';

/** What one reader takes for an entry of the log; undefined hides it. */
export type Sees = (entry: Entry<Kind>) => Entry<Kind> | undefined;

/** The same log as somebody sees it who is mistaken about it; what is written is written. */
export function seenStore(store: Store, sees: Sees, synced = true): Store {
  return {
    synced,
    get: <K extends Kind>(kind: K, key: string) => {
      const entry = store.get(kind, key);
      // The cast is safe: a view changes values, never kinds.
      return entry && (sees(entry) as Entry<K> | undefined);
    },
    list: <K extends Kind>(kind: K) =>
      store.list(kind).flatMap((entry) => (sees(entry) as Entry<K> | undefined) ?? []),
    put: (kind, key, value, ifRevision) => store.put(kind, key, value, ifRevision),
    remove: (kind, key, ifRevision) => store.remove(kind, key, ifRevision),
    onChange: (callback) => store.onChange(callback),
  };
}
