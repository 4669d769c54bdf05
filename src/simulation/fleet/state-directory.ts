import type { z } from 'zod';
import { RetryableError, TerminalError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Durable } from '../../ports/durable.ts';
import type { Random } from '../../ports/random.ts';

const FSYNC_MS = 4;

/** What is on the disk of an agent's state directory, and what is wrong with that disk. */
export interface StateDirectory {
  /** `full`: nothing more fits. `failing`: writes end in EIO. */
  trouble: 'none' | 'full' | 'failing';
  /** How much longer than usual every write takes. */
  slowMs: number;
  /** The directory as one process of the agent holds it: what it had not renamed yet dies with it. */
  over(clock: Clock, random: Random): Durable;
  names(): readonly string[];
  /** Flips a bit of a file. It goes to the quarantine, and reading it fails until it is written anew. */
  damage(name: string): void;
  /** Puts back what stood there at the time of an earlier `backup`. */
  restore(backup: ReadonlyMap<string, string>): void;
  backup(): ReadonlyMap<string, string>;
}

/** A file as it was read last. */
interface Parsed {
  readonly file: StoredFile;
  readonly schema: z.ZodType;
  readonly value: unknown;
}

/** The text of a file. */
type StoredFile = () => string;

/**
 * A file is old or new, never in between, whenever its writer dies: it is written beside the old one,
 * synced and renamed. `write` resolves only when the new one is there to stay.
 */
export function createStateDirectory(): StateDirectory {
  const files = new Map<string, StoredFile>();
  const damaged = new Set<string>();
  /** By name. What is read again and again seldom differs from the last time. */
  const parsed = new Map<string, Parsed>();

  function parse<S extends z.ZodType>(name: string, file: StoredFile, schema: S): z.infer<S> {
    const known = parsed.get(name);
    // The cast is safe: that very schema made the value.
    if (known?.file === file && known.schema === schema) return known.value as z.infer<S>;
    const value = schema.parse(JSON.parse(file()));
    parsed.set(name, { file, schema, value });
    return value;
  }

  function assertWritable(name: string): void {
    if (directory.trouble === 'full') {
      const message = `No room for ${name}: free some space in the state directory.`;
      throw new RetryableError('state.disk-full', message);
    }
    if (directory.trouble === 'failing') {
      const message = `The disk refused to keep ${name}: replace it.`;
      throw new TerminalError('state.disk', message);
    }
  }

  const directory: StateDirectory = {
    trouble: 'none',
    slowMs: 0,
    over: (clock, random) => ({
      async read(name, schema) {
        const file = files.get(name);
        if (file === undefined) return undefined;
        if (!damaged.has(name)) return parse(name, file, schema);
        throw new TerminalError(
          'state.corrupted',
          `${name} is damaged, and was moved to the quarantine: restore it, or wipe this machine.`,
        );
      },
      async write(name, value) {
        const totalMs = FSYNC_MS + directory.slowMs;
        const renameMs = random.number() * totalMs;
        await clock.sleep(renameMs);
        assertWritable(name);
        files.set(name, storedFile(value));
        damaged.delete(name);
        await clock.sleep(totalMs - renameMs);
      },
      async remove(name) {
        files.delete(name);
        damaged.delete(name);
      },
    }),
    names: () => [...files.keys()],
    damage(name) {
      if (files.has(name)) damaged.add(name);
    },
    backup: () => new Map([...files].map(([name, file]) => [name, file()])),
    restore(backup) {
      files.clear();
      for (const [name, text] of backup) files.set(name, () => text);
    },
  };
  return directory;
}

/**
 * Most files are written over before anybody reads them, so text is made of them only then: agents change
 * nothing that they have written.
 */
function storedFile(value: unknown): StoredFile {
  let text: string | undefined;
  return () => {
    text ??= JSON.stringify(value);
    return text;
  };
}
