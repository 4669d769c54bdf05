import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { RunCommand } from './execa-exec.ts';

const TIMEOUT_MS = 20_000;

/** What a program prints when asked for its version; both streams, as not all use stdout. */
export type ProgramVersion = (path: string, args: readonly string[]) => Promise<string>;

/**
 * Asks each program once for as long as its file stays the same: a kubelet of 145 MB takes its
 * time to start just to say its version.
 */
export function createProgramVersion(run: RunCommand): ProgramVersion {
  const answers = new Map<string, string>();

  return async (path, args) => {
    // Not the path: the file may be linked elsewhere meanwhile. But the name, by which one file
    // may be several programs.
    const { dev, ino, mtimeMs, size } = await stat(path);
    const key = [dev, ino, mtimeMs, size, basename(path), ...args].join(' ');
    const known = answers.get(key);
    if (known !== undefined) return known;
    const { stdout, stderr } = await run(path, args, { timeoutMs: TIMEOUT_MS });
    const answer = `${stdout}\n${stderr}`.trim();
    answers.set(key, answer);
    return answer;
  };
}
