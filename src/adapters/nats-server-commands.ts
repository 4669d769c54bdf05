import { RetryableError } from '../errors.ts';
import type { RunCommand } from './execa-exec.ts';

/** Builders and downloaders print progress that nobody reads. */
const KEPT_OUTPUT_BYTES = 4 * 1024 * 1024;

/**
 * Runs a command with the environment of whoever runs civitas: pip and go may stand anywhere on
 * their PATH, and their indexes, proxies and caches are set up there.
 */
export const runAsUser: RunCommand = async (file, args, { timeoutMs }) => {
  const { execa } = await import('execa'); // slow to load, and needed only until the server is cached
  const result = await execa(file, args, {
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    maxBuffer: KEPT_OUTPUT_BYTES,
  });
  if (result.timedOut) {
    throw new RetryableError('exec.timeout', `\`${file}\` did not end within ${timeoutMs} ms`);
  }
  if (result.exitCode === undefined) {
    throw new RetryableError('exec.not-installed', `\`${file}\` is not installed`);
  }
  const { exitCode, stdout, stderr } = result;
  return { exitCode, stdout, stderr };
};

/** Rejects with RetryableError `exec.failed` and the command's last line unless it succeeds. */
export async function mustWork(
  run: RunCommand,
  file: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<void> {
  const { exitCode, stdout, stderr } = await run(file, args, { timeoutMs });
  if (exitCode === 0) return;
  const words = (stderr || stdout).trim().split('\n').at(-1)?.slice(-300) ?? '';
  throw new RetryableError('exec.failed', `\`${file}\` failed (${exitCode}): ${words}`);
}
