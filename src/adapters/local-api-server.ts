import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { CivitasError, TerminalError } from '../errors.ts';

/** Answers of the agent to the CLI on the same machine, by path. Values must be JSON. */
export type LocalApi = Readonly<Record<`/v1/${string}`, () => Promise<unknown>>>;

const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Serves the agent's own API on a unix socket in the state directory (0600 inside 0700), so that
 * only root, or the user the agent runs as, can ask. GET only; resolves to the function that stops it.
 */
export async function serveLocalApi(
  socketPath: string,
  api: LocalApi,
): Promise<() => Promise<void>> {
  // The state directory's lock is held: whoever left this socket behind is gone.
  await rm(socketPath, { force: true });
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    const handler = request.method === 'GET' ? handlerOf(api, request.url) : undefined;
    if (!handler)
      return send(response, 404, {
        code: 'agent.unknown-path',
        message: 'The agent has no such answer: use a civitas of the same release.',
      });
    handler().then(
      (value) => send(response, 200, value),
      (error: unknown) => send(response, 500, describe(error)),
    );
  });
  await listen(server, socketPath);
  await chmod(socketPath, 0o600);
  return () => close(server);
}

function handlerOf(api: LocalApi, url: string | undefined): (() => Promise<unknown>) | undefined {
  const found = Object.entries(api).find(([path]) => path === url);
  return found?.[1];
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof CivitasError) return { code: error.code, message: error.message };
  return { code: 'internal.unexpected', message: String(error) };
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `The agent can not listen on ${socketPath}: choose a --state-dir with a shorter path on a local disk.`;
      reject(new TerminalError('agent.socket', message, { cause }));
    });
    server.listen(socketPath, () => resolve());
  });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
