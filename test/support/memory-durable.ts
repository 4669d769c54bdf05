import type { Durable } from '../../src/ports/durable.ts';

/** A state directory: whatever was written there is there at the next start. */
export function memoryDurable(): Durable {
  const files = new Map<string, string>();
  return {
    async read(name, schema) {
      const text = files.get(name);
      return text === undefined ? undefined : schema.parse(JSON.parse(text));
    },
    async write(name, value) {
      files.set(name, JSON.stringify(value));
    },
    async remove(name) {
      files.delete(name);
    },
  };
}
