import type { z } from 'zod';

/**
 * This agent's own state directory: 0700, files 0600, written tmp + fsync + rename + fsync(dir),
 * each with a checksum. A file that fails its checksum or schema is moved to quarantine/ and read
 * rejects with TerminalError `state.corrupted`: absence and corruption are never the same (S19).
 */
export interface Durable {
  read<S extends z.ZodType>(name: string, schema: S): Promise<z.infer<S> | undefined>;
  /** Resolves once the value survives a power cut. TerminalError `state.disk` on EIO, RetryableError `state.disk-full` on ENOSPC. */
  write(name: string, value: unknown): Promise<void>;
  remove(name: string): Promise<void>;
}
