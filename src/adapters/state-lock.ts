import { spawn } from 'node:child_process';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { TerminalError } from '../errors.ts';
import { guardDisk } from './disk-errors.ts';

/** The exit code that flock(1) is told to give when somebody else holds the lock. */
const HELD = 75;

export interface StateLock {
  release(): Promise<void>;
}

/**
 * Holds the state directory for this process alone, until `release` or the end of the process,
 * however it ends. An flock(2) lock belongs to the open file, not to a process: flock(1) of
 * util-linux takes it on a file that this process opened and hands down, and exits; the lock stays
 * with us. The file is close-on-exec, so that no child of the agent can keep it.
 *
 * TerminalError `state.locked` when another agent has it, `state.no-flock` without flock(1), and the
 * errors of `guardDisk`.
 */
export async function lockState(folder: string): Promise<StateLock> {
  const file = await guardDisk(folder, () => openLockFile(folder));
  try {
    await takeLock(file, folder);
    await guardDisk(folder, () => noteHolder(file));
    return { release: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openLockFile(folder: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return open(join(folder, 'lock'), 'a+', 0o600);
}

async function noteHolder(file: FileHandle): Promise<void> {
  await file.truncate();
  await file.write(`${process.pid}\n`);
}

async function takeLock(file: FileHandle, folder: string): Promise<void> {
  const exitCode = await runFlock(file.fd);
  if (exitCode === 0) return;
  if (exitCode !== HELD) {
    throw new TerminalError(
      'state.disk',
      `The state directory ${folder} can not be locked (flock exit code ${exitCode}): put it on a local file system.`,
    );
  }
  const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
  const pid = buffer.toString('utf8', 0, bytesRead).trim() || 'unknown';
  throw new TerminalError(
    'state.locked',
    `Another agent (process ${pid}) uses the state directory ${folder}: stop it first, or give this one a directory of its own.`,
  );
}

function runFlock(fd: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const argv = ['--exclusive', '--nonblock', '--conflict-exit-code', `${HELD}`, '3'];
    const child = spawn('flock', argv, { stdio: ['ignore', 'ignore', 'ignore', fd] });
    child.once('exit', (exitCode) => resolve(exitCode));
    child.once('error', (cause) => {
      reject(
        new TerminalError(
          'state.no-flock',
          'The command flock is missing: install the package util-linux.',
          { cause },
        ),
      );
    });
  });
}
