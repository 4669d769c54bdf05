import { constants } from 'node:os';
import { RetryableError } from '../errors.ts';
import { PROGRAM_PATH } from './find-program.ts';

/** No answer of a command we run is longer; what is cut would not have been understood. */
const MAX_OUTPUT_BYTES = 1_048_576;

export interface CommandResult {
  /** 128 + signal when a signal ended the command, as shells count. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly timeoutMs: number;
  /** Goes to stdin; the place for anything that must not stand in argv. */
  readonly input?: string;
}

/**
 * Runs a short command without a shell, in the C locale. Any exit code is an answer; rejects with
 * RetryableError `exec.not-installed` when there is no such program and `exec.timeout` when it
 * did not end in time.
 */
export type RunCommand = (
  file: string,
  args: readonly string[],
  options: CommandOptions,
) => Promise<CommandResult>;

export const runCommand: RunCommand = async (file, args, { timeoutMs, input }) => {
  const { execa } = await import('execa'); // 60 ms that the start of the agent need not wait for
  const result = await execa(file, args, {
    reject: false,
    timeout: timeoutMs,
    maxBuffer: MAX_OUTPUT_BYTES,
    env: { LC_ALL: 'C.UTF-8', PATH: PROGRAM_PATH },
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  if (result.timedOut) {
    const message = `\`${file}\` did not end within ${timeoutMs / 1_000} s: run it by hand, and see what it waits for.`;
    throw new RetryableError('exec.timeout', message);
  }
  const { exitCode = signalExitCode(result.signal), stdout, stderr } = result;
  if (exitCode === undefined) throw notRun(file, result);
  return { exitCode, stdout, stderr };
};

/** The answer of a command that has to succeed; RetryableError `code` with its last words otherwise. */
export async function runOrThrow(
  run: RunCommand,
  code: string,
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { exitCode, stdout, stderr } = await run(file, args, options);
  if (exitCode === 0) return stdout;
  const words = (stderr || stdout).trim().slice(-500);
  const message = `\`${file} ${args[0] ?? ''}\` failed with exit code ${exitCode} (${words}): run it by hand, and cure what it says.`;
  throw new RetryableError(code, message);
}

function signalExitCode(signal: NodeJS.Signals | undefined): number | undefined {
  return signal === undefined ? undefined : 128 + constants.signals[signal];
}

function notRun(file: string, cause: { readonly code?: string | undefined }): RetryableError {
  if (cause.code === 'ENOENT') {
    const message = `\`${file}\` is not installed on this machine: install it.`;
    return new RetryableError('exec.not-installed', message, { cause });
  }
  const message = `\`${file}\` can not be run: check its permissions, and that it is made for this processor.`;
  return new RetryableError('exec.not-run', message, { cause });
}
