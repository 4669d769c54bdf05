import type { Store } from '../../../src/ports/store.ts';

/** The log of somebody who does not see who leads. */
export function withoutLeader(store: Store): Store {
  return {
    get synced() {
      return store.synced;
    },
    get: (kind, key) => (kind === 'leadership' ? undefined : store.get(kind, key)),
    list: (kind) => (kind === 'leadership' ? [] : store.list(kind)),
    put: (kind, key, value, ifRevision) => store.put(kind, key, value, ifRevision),
    remove: (kind, key, ifRevision) => store.remove(kind, key, ifRevision),
    onChange: (callback) => store.onChange(callback),
  };
}
