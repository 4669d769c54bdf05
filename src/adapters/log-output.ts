import { write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Some ten thousand lines. */
const MOST_WAITING_BYTES = 4_194_304;
const ASK_AGAIN_MS = 100;
/** Whoever takes longer over a few lines does not read. */
const STUCK_MS = 1_000;
/** For which a process that ends waits for the lines that are on their way. */
const LAST_WRITE_MS = 250;

interface Options {
  /** Hears how many lines were dropped, once there is room again. */
  onDropped(count: number): void;
  /** Calls back when the process ends and nothing asynchronous happens any more. */
  onExit(callback: () => void): void;
  readonly nowMs: () => number;
}

/**
 * Lines for a file descriptor, and nobody waits for whoever reads them: while a pipe is full, lines
 * wait in memory, up to 4 MiB, and later ones are dropped and counted. A write that waits for its
 * reader keeps one thread of libuv's pool, and nothing else.
 */
export function createLogOutput(fd: number, options: Options): DestinationStream {
  const { onDropped, onExit, nowMs } = options;
  let waiting: string[] = [];
  let waitingBytes = 0;
  let dropped = 0;
  let writingSinceMs: number | undefined;
  let isClosed = false;

  function next(): void {
    if (waiting.length === 0) return;
    const bytes = Buffer.from(waiting.join(''));
    waiting = [];
    waitingBytes = 0;
    writingSinceMs = nowMs();
    put(bytes);
  }

  function put(bytes: Buffer): void {
    write(fd, bytes, (error, written) => {
      const code = error?.code;
      if (code === 'EAGAIN') setTimeout(() => put(bytes), ASK_AGAIN_MS).unref();
      else if (error) isClosed = true;
      else if (written < bytes.length) put(bytes.subarray(written));
      else rest();
    });
  }

  function rest(): void {
    writingSinceMs = undefined;
    next();
    const count = dropped;
    dropped = 0;
    if (count > 0) onDropped(count);
  }

  onExit(() => {
    if (isClosed || (writingSinceMs !== undefined && nowMs() - writingSinceMs > STUCK_MS)) return;
    if (writingSinceMs !== undefined) sleepSync(LAST_WRITE_MS);
    writeAll(fd, Buffer.from(waiting.join('')));
  });

  return {
    write(line) {
      if (isClosed) return;
      if (waitingBytes + line.length > MOST_WAITING_BYTES) {
        dropped += 1;
        return;
      }
      waiting.push(line);
      waitingBytes += line.length;
      if (writingSinceMs === undefined) next();
    },
  };
}

/** The threads that write go on meanwhile. */
function sleepSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** As far as somebody takes it: there is nobody left to tell that it failed. */
function writeAll(fd: number, bytes: Buffer): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } catch {
    // The pipe is full, or closed.
  }
}
