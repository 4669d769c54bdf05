import type { CivitasError } from '../../src/errors.ts';
import type { Durable } from '../../src/ports/durable.ts';

/** A disk in memory, which outlives the agents that use it. */
export interface MemoryDurable extends Durable {
  /** Every write fails with this until it is null again. */
  failure: CivitasError | null;
  /** Names of the files in the order in which they were written. */
  readonly writes: readonly string[];
  content(name: string): unknown;
}

export function createMemoryDurable(): MemoryDurable {
  const files = new Map<string, string>();
  const writes: string[] = [];
  return {
    failure: null,
    writes,
    content: (name) => JSON.parse(files.get(name) ?? 'null'),
    async read(name, schema) {
      const text = files.get(name);
      return text === undefined ? undefined : schema.parse(JSON.parse(text));
    },
    async write(name, value) {
      if (this.failure) throw this.failure;
      files.set(name, JSON.stringify(value));
      writes.push(name);
    },
    async remove(name) {
      files.delete(name);
    },
  };
}
