import { RetryableError, TerminalError } from '../errors.ts';
import { errnoOf } from './errno.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Does `work` on the disk of the agent's own state, and tells its failures by the path that they
 * concern: RetryableError `state.disk-full`, TerminalError `state.disk` for all others. An fsync
 * that failed may not be repeated (the kernel forgets the dirty page), so those are final.
 */
export async function guardDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = errnoOf(cause);
    if (code === undefined) throw cause;
    throw FULL.has(code) ? full(path, cause) : failed(path, code, cause);
  }
}

function full(path: string, cause: unknown): RetryableError {
  const message = `The disk that holds ${path} is full: free some space.`;
  return new RetryableError('state.disk-full', message, { cause });
}

function failed(path: string, code: string, cause: unknown): TerminalError {
  const message = `The disk that holds ${path} failed with ${code}: check the disk, the mount and the permissions, then start the agent again.`;
  return new TerminalError('state.disk', message, { cause });
}
