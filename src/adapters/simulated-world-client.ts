import { connect, type Socket } from 'node:net';
import { RetryableError, TerminalError } from '../errors.ts';
import type { HostPorts } from '../ports/index.ts';
import { receiveLines, sendLine } from './json-lines.ts';
import {
  MAX_LINE_LENGTH,
  METHODS,
  responseSchema,
  type WorldResponse,
} from './simulated-world-protocol.ts';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

interface Connection {
  readonly socket: Socket;
  readonly waiting: Map<number, Waiting>;
}

/** The ports of a simulated host, and how to let go of it. */
export interface SimulatedHostClient extends HostPorts {
  close(): void;
}

/**
 * The ports of one host of a world that another process serves. Connects at the first call and again
 * after a loss; while nobody serves, calls reject with RetryableError `simulation.unreachable`.
 */
export function connectWorld(socketPath: string, hostname: string): SimulatedHostClient {
  let connection: Connection | undefined;
  let lastId = 0;

  function open(): Connection {
    const socket = connect(socketPath);
    const opened: Connection = { socket, waiting: new Map() };
    let cause: Error | undefined;
    receiveLines(socket, MAX_LINE_LENGTH, (value) => settle(opened, responseSchema.parse(value)));
    socket.on('error', (error) => {
      cause = error;
    });
    socket.once('close', () => {
      if (connection === opened) connection = undefined;
      for (const { reject } of opened.waiting.values()) reject(unreachable(socketPath, cause));
    });
    sendLine(socket, { host: hostname });
    return opened;
  }

  function call(port: string, method: string, args: readonly unknown[]): Promise<unknown> {
    if (!connection || connection.socket.destroyed) connection = open();
    const { socket, waiting } = connection;
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      // JSON makes null of undefined; an argument that is left out at the end stays left out.
      const given = args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1);
      sendLine(socket, { id, port, method, args: given });
    });
  }

  const ports = Object.fromEntries(
    Object.entries(METHODS).map(([port, methods]) => [port, forwarder(port, methods, call)]),
  );
  // Built from METHODS, whose type holds every method of every port.
  return { ...(ports as unknown as HostPorts), close: () => connection?.socket.destroy() };
}

function forwarder(
  port: string,
  methods: object,
  call: (port: string, method: string, args: readonly unknown[]) => Promise<unknown>,
) {
  return Object.fromEntries(
    Object.keys(methods).map((method) => [
      method,
      (...args: readonly unknown[]) => call(port, method, args),
    ]),
  );
}

function settle({ waiting }: Connection, { id, result, error }: WorldResponse): void {
  const waiter = waiting.get(id);
  waiting.delete(id);
  if (!error) {
    waiter?.resolve(result);
    return;
  }
  const ErrorClass = error.retryable ? RetryableError : TerminalError;
  waiter?.reject(new ErrorClass(error.code, error.message));
}

function unreachable(socketPath: string, cause: Error | undefined): RetryableError {
  const message = `The simulated world at ${socketPath} does not answer: start the demo again.`;
  return new RetryableError('simulation.unreachable', message, { cause });
}
