import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';

const BLOCK_BYTES = 4_096;
const MAKE_PIPE = 'mkfifo';

/** A named pipe that takes nothing more, as nobody reads it. */
export interface FullPipe {
  /** To open for writing: the open succeeds, and each write waits for ever. */
  readonly path: string;
  close(): void;
}

export function makeFullPipe(path: string): FullPipe {
  execFileSync(MAKE_PIPE, ['-m', '600', path]);
  // Open for reading too, so that there is somebody who could read.
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  for (const bytes of [BLOCK_BYTES, 1]) fill(fd, Buffer.alloc(bytes));
  return { path, close: () => closeSync(fd) };
}

function fill(fd: number, block: Buffer): void {
  try {
    for (;;) writeSync(fd, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
}
