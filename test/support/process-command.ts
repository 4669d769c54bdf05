import { spawn } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
const DEADLINE_MS = 60_000;

/** The words that run civitas from its source. */
export function civitas(args: readonly string[]): readonly [string, ...string[]] {
  return [process.execPath, MAIN, ...args];
}

export interface Outcome {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface CommandOptions {
  readonly cwd?: string;
  /** What it reads from standard input; nothing at all by default. */
  readonly input?: string | Uint8Array;
}

/** Runs a command to its end; one that goes on for a minute is killed. */
export function runCommand(
  [file, ...args]: readonly [string, ...string[]],
  { cwd, input = '' }: CommandOptions = {},
): Promise<Outcome> {
  const child = spawn(file, args, { cwd, timeout: DEADLINE_MS, killSignal: 'SIGKILL' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // Who refuses its arguments does not read its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** What a refusal looks like: one sentence with its code on standard error, and nothing else. */
export function refusal(exitCode: 1 | 2, sentence: string): Outcome {
  return { exitCode, stdout: '', stderr: `civitas: ${sentence}\n` };
}
