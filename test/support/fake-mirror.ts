import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

export interface FakeMirror {
  /** Without a slash at the end. */
  readonly url: string;
  /** By path, `/release/…`; parts of them are served to who asks with a range. */
  readonly files: Map<string, Buffer>;
  /** `path range`, in the order in which they came. */
  readonly asked: string[];
  /** Instead of the files, until it is undefined again. */
  behave(respond: Respond | undefined): void;
  stop(): Promise<void>;
}

/** An HTTP server on 127.0.0.1, or an HTTPS server where it is given a certificate. */
export async function startMirror(tls?: {
  readonly key: string;
  readonly cert: string;
}): Promise<FakeMirror> {
  const files = new Map<string, Buffer>();
  const asked: string[] = [];
  let behaviour: Respond | undefined;
  const listener: RequestListener = (request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? 'all'}`);
    if (behaviour) behaviour(request, response);
    else serveFile(files.get(request.url ?? ''), request, response);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    files,
    asked,
    behave(respond) {
      behaviour = respond;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function serveFile(
  file: Buffer | undefined,
  { headers }: IncomingMessage,
  response: ServerResponse,
): void {
  if (!file) {
    response.writeHead(404).end('not here');
    return;
  }
  const start = Number(headers.range?.match(/^bytes=(\d+)-$/)?.[1] ?? 0);
  const part = file.subarray(start);
  const range = { 'content-range': `bytes ${start}-${file.length - 1}/${file.length}` };
  response.writeHead(start > 0 ? 206 : 200, {
    'content-length': part.length,
    ...(start > 0 && range),
  });
  response.end(part);
}
