import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CivitasError, TerminalError } from '../errors.ts';

/** Answers of the agent to the CLI on the same machine, by path. Values must be JSON. */
export type LocalApi = Readonly<Record<`/v1/${string}`, () => Promise<unknown>>>;

/** What the CLI may ask the agent to change, by path. Each checks the body that it is given. */
export type LocalChanges = Readonly<Record<`/v1/${string}`, (body: unknown) => Promise<unknown>>>;

const REQUEST_TIMEOUT_MS = 30_000;
/** As much as a Cluster document may have. */
const MAX_BODY_BYTES = 262_144;

/**
 * Serves the agent's own API on a unix socket in the state directory (0600 inside 0700), so that
 * only root, or the user the agent runs as, can ask. GET reads, POST changes, with a JSON body of at
 * most 256 KiB; resolves to the function that stops it.
 */
export async function serveLocalApi(
  socketPath: string,
  api: LocalApi,
  changes: LocalChanges = {},
): Promise<() => Promise<void>> {
  // The state directory's lock is held: whoever left this socket behind is gone.
  await rm(socketPath, { force: true });
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(request, api, changes).then(
      (value) => send(response, 200, value),
      (error: unknown) => send(response, statusOf(error), describe(error)),
    );
  });
  await listen(server, socketPath);
  await chmod(socketPath, 0o600);
  return () => close(server);
}

async function answer(
  request: IncomingMessage,
  api: LocalApi,
  changes: LocalChanges,
): Promise<unknown> {
  const { method, url } = request;
  const read = method === 'GET' ? find(api, url) : undefined;
  if (read) return read();
  const change = method === 'POST' ? find(changes, url) : undefined;
  if (change) return change(await readBody(request));
  throw new TerminalError(
    'agent.unknown-path',
    'The agent has no such answer: use a civitas of the same release.',
  );
}

/** Own properties only: a path is what somebody sent. */
function find<T>(handlers: Readonly<Record<string, T>>, url: string | undefined): T | undefined {
  return Object.entries(handlers).find(([path]) => path === url)?.[1];
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Whoever sends too much is told so: the connection has to outlive the reading.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_BODY_BYTES) throw badRequest(`it has more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw badRequest('it is no JSON');
  }
}

function badRequest(why: string): TerminalError {
  return new TerminalError(
    'agent.bad-request',
    `The agent does not understand the request (${why}): use a civitas of the same release.`,
  );
}

function statusOf(error: unknown): number {
  if (!(error instanceof CivitasError)) return 500;
  if (error.code === 'agent.unknown-path') return 404;
  return error.code === 'agent.bad-request' ? 400 : 500;
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
