import { TerminalError } from '../errors.ts';
import type { Ports } from '../ports/index.ts';
import type { Store } from '../ports/store.ts';
import type { Kind } from '../state/kinds.ts';

/** The same ports for one controller: it reads every kind, and writes only those it declared. */
export function scopedPorts(
  controller: { readonly name: string; readonly outputs: readonly Kind[] },
  ports: Ports,
): Ports {
  function assertOwned(kind: Kind): void {
    if (controller.outputs.includes(kind)) return;
    throw new TerminalError(
      'runtime.undeclared-write',
      `controller ${controller.name} writes ${kind} but does not declare it: report it.`,
    );
  }
  const store: Store = {
    get synced() {
      return ports.store.synced;
    },
    get: (kind, key) => ports.store.get(kind, key),
    list: (kind) => ports.store.list(kind),
    onChange: (callback) => ports.store.onChange(callback),
    async put(kind, key, value, ifRevision) {
      assertOwned(kind);
      return ports.store.put(kind, key, value, ifRevision);
    },
    async remove(kind, key, ifRevision) {
      assertOwned(kind);
      return ports.store.remove(kind, key, ifRevision);
    },
  };
  return { ...ports, store };
}
