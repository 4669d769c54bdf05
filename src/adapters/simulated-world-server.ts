import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { CivitasError } from '../errors.ts';
import type { HostPorts } from '../ports/index.ts';
import { receiveLines, sendLine } from './json-lines.ts';
import {
  helloSchema,
  MAX_LINE_LENGTH,
  METHODS,
  requestSchema,
  type WorldRequest,
  type WorldResponse,
} from './simulated-world-protocol.ts';

/** What is served: simulated hosts by name. Throws for a name that it does not know. */
export interface HostedWorld {
  hostPorts(hostname: string): HostPorts;
}

/**
 * Serves the ports of all hosts of a simulated world on a Unix socket, so that agents in processes of
 * their own share it. The socket's mode is 0600; its folder should be the caller's own. Resolves to
 * the function that stops serving.
 */
export async function serveWorld(
  world: HostedWorld,
  socketPath: string,
): Promise<() => Promise<void>> {
  await rm(socketPath, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveConnection(world, socket);
  });
  await listen(server, socketPath);
  await chmod(socketPath, 0o600);
  return () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => {
      server.close(() => resolve());
    });
  };
}

function serveConnection(world: HostedWorld, socket: Socket): void {
  let ports: HostPorts | undefined;
  receiveLines(socket, MAX_LINE_LENGTH, (value) => {
    if (!ports) {
      ports = world.hostPorts(helloSchema.parse(value).host);
      return;
    }
    const request = requestSchema.parse(value);
    void answer(ports, request).then((response) => sendLine(socket, response));
  });
  // An agent that was killed, or that sent what is not understood: its connection is gone, no more.
  socket.on('error', () => socket.destroy());
}

async function answer(ports: HostPorts, request: WorldRequest): Promise<WorldResponse> {
  const { id } = request;
  try {
    return { id, result: await call(ports, request) };
  } catch (error) {
    return { id, error: describe(error) };
  }
}

function call(ports: HostPorts, { port, method, args }: WorldRequest): Promise<unknown> {
  const methods: object = Object.hasOwn(METHODS, port) ? METHODS[port as keyof HostPorts] : {};
  if (!Object.hasOwn(methods, method)) {
    throw new TypeError(`a simulated host has no ${port}.${method}`);
  }
  // The name is one of METHODS, so the port has the method; its arguments are our own client's.
  const target = ports[port as keyof HostPorts] as unknown as Readonly<
    Record<string, (...args: readonly unknown[]) => Promise<unknown>>
  >;
  return target[method]?.(...args) ?? Promise.resolve();
}

function describe(error: unknown): NonNullable<WorldResponse['error']> {
  if (error instanceof CivitasError) {
    const { retryable, code, message } = error;
    return { retryable, code, message };
  }
  return { retryable: true, code: 'simulation.unexpected', message: String(error) };
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => resolve());
  });
}
