import { RetryableError } from '../../src/errors.ts';
import type { Store } from '../../src/ports/store.ts';
import { type Entry, type Kind, kindSchemas, type Value } from '../../src/state/kinds.ts';

/** The log in one Map: true compare-and-swap, one revision count for all keys, schemas enforced. */
export class FakeStore implements Store {
  readonly synced = true;
  readonly #entries = new Map<string, Entry<Kind>>();
  #revision = 0;

  get revision(): number {
    return this.#revision;
  }

  get<K extends Kind>(kind: K, key: string): Entry<K> | undefined {
    // The cast is safe: `put` files every entry under its own kind.
    return this.#entries.get(`${kind}/${key}`) as Entry<K> | undefined;
  }

  list<K extends Kind>(kind: K): readonly Entry<K>[] {
    const keys = [...this.#entries.keys()].filter((path) => path.startsWith(`${kind}/`)).sort();
    return keys.flatMap((path) => this.get(kind, path.slice(kind.length + 1)) ?? []);
  }

  async put<K extends Kind>(kind: K, key: string, value: Value<K>, ifRevision: number) {
    const present = this.get(kind, key)?.revision ?? 0;
    if (present !== ifRevision) throw new RetryableError('store.conflict', `${kind}/${key} moved`);
    this.#revision += 1;
    const parsed = kindSchemas[kind].parse(value) as Value<K>;
    this.#entries.set(`${kind}/${key}`, { kind, key, value: parsed, revision: this.#revision });
    return this.#revision;
  }

  async remove(kind: Kind, key: string): Promise<void> {
    this.#entries.delete(`${kind}/${key}`);
  }

  onChange(): () => void {
    return () => {};
  }

  /** Puts whatever stands there. */
  async set<K extends Kind>(kind: K, key: string, value: Value<K>): Promise<number> {
    return this.put(kind, key, value, this.get(kind, key)?.revision ?? 0);
  }
}
