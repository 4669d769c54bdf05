import type { TLSSocket } from 'node:tls';
import { RetryableError } from '../errors.ts';
import { createFrameReader, encodeFrame } from './peer-frames.ts';

export interface FramedSocket {
  /** Where the other side is. */
  readonly address: string;
  /** Nothing when the socket is closed. TerminalError `peer.frame` when the value is too large. */
  send(value: unknown): void;
  /** Closes at once; the first reason is the one that `onClosed` gets. */
  fail(error: Error): void;
  isClosed(): boolean;
}

interface Options {
  /** From the first to the last byte of a frame. */
  readonly frameMs: number;
  readonly idleMs: number;
  /** What it throws closes the socket. */
  onBody(body: unknown): void;
  onClosed(reason: Error): void;
}

/** Sends and receives frames on a socket whose TLS handshake is done. */
export function frameSocket(socket: TLSSocket, options: Options): FramedSocket {
  const address = socket.remoteAddress ?? 'a peer';
  const reader = createFrameReader();
  let reason: Error | undefined;
  let deadline: NodeJS.Timeout | undefined;

  function fail(error: Error): void {
    reason ??= error;
    socket.destroy();
  }

  function receive(chunk: Buffer): void {
    for (const body of reader.push(chunk)) options.onBody(body);
    clearTimeout(deadline);
    if (!reader.isPartial()) return;
    deadline = setTimeout(() => {
      fail(
        new RetryableError(
          'peer.timeout',
          `The peer at ${address} did not end its message in time: look at the load of that machine if it stays.`,
        ),
      );
    }, options.frameMs);
  }

  socket.on('data', (chunk: Buffer) => {
    try {
      receive(chunk);
    } catch (error) {
      fail(error instanceof Error ? error : new TypeError(String(error)));
    }
  });
  socket.on('error', (cause) => fail(broken(address, cause.message, cause)));
  socket.on('end', () => fail(broken(address, 'it was closed')));
  socket.once('close', () => {
    clearTimeout(deadline);
    options.onClosed(reason ?? broken(address, 'it was closed'));
  });
  socket.setTimeout(options.idleMs, () => fail(broken(address, 'nobody used it')));
  socket.setNoDelay(true);

  return {
    address,
    send(value) {
      const frame = encodeFrame(value);
      if (!socket.destroyed) socket.write(frame);
    },
    fail,
    isClosed: () => socket.destroyed,
  };
}

function broken(address: string, why: string, cause?: Error): RetryableError {
  return new RetryableError(
    'peer.unreachable',
    `The connection to ${address} ended (${why}): check the network if it stays.`,
    {
      cause,
    },
  );
}
