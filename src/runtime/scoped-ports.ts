import { TerminalError } from '../errors.ts';
import type { Ports } from '../ports/index.ts';
import type { Store } from '../ports/store.ts';
import type { Kind } from '../state/kinds.ts';

interface Writer {
  readonly name: string;
  readonly outputs: readonly Kind[];
}

/** The same ports for one controller: it reads every kind, and writes only those it declared. */
export function scopedPorts(controller: Writer, ports: Ports): Ports {
  return { ...ports, store: scopedStore(controller, ports.store) };
}

/** The store for one writer. Its writes of other kinds reject with TerminalError `runtime.undeclared-write`. */
export function scopedStore({ name, outputs }: Writer, store: Store): Store {
  function assertOwned(kind: Kind): void {
    if (outputs.includes(kind)) return;
    throw new TerminalError(
      'runtime.undeclared-write',
      `controller ${name} writes ${kind} but does not declare it: report it.`,
    );
  }
  return {
    get synced() {
      return store.synced;
    },
    get: (kind, key) => store.get(kind, key),
    list: (kind) => store.list(kind),
    onChange: (callback) => store.onChange(callback),
    async put(kind, key, value, ifRevision) {
      assertOwned(kind);
      return store.put(kind, key, value, ifRevision);
    },
    async remove(kind, key, ifRevision) {
      assertOwned(kind);
      return store.remove(kind, key, ifRevision);
    },
  };
}
