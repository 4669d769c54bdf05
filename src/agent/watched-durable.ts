import { CivitasError } from '../errors.ts';
import type { Durable } from '../ports/durable.ts';

export interface WatchedDurable extends Durable {
  /** Why something of this agent's state is not on disk now; undefined when all of it is. */
  problem(): CivitasError | undefined;
}

/** The same state directory, which remembers what could not be written to it, for `civitas status`. */
export function watchDurable(durable: Durable): WatchedDurable {
  const unwritten = new Map<string, CivitasError>();

  async function watched(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      unwritten.delete(name);
    } catch (error) {
      if (error instanceof CivitasError) unwritten.set(name, error);
      throw error;
    }
  }

  return {
    read: (name, schema) => durable.read(name, schema),
    write: (name, value) => watched(name, () => durable.write(name, value)),
    remove: (name) => watched(name, () => durable.remove(name)),
    problem: () => [...unwritten.values()][0],
  };
}
