import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import type { TlsPair } from './tls-certificate.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  /** Undefined when none was sent. */
  readonly body: unknown;
  /** Common name of the client's certificate. */
  readonly client: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface FakeHttpsServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** An HTTPS server that wants client certificates of its own CA and answers in JSON. */
export async function startHttpsServer(
  tls: TlsPair,
  answer: (asked: Asked) => Answer,
): Promise<FakeHttpsServer> {
  const options = { ...tls, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, async (request, response) => {
    const { status, body } = answer(await toAsked(request));
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function toAsked(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '/', 'https://127.0.0.1');
  const sent = await text(request);
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    contentType: request.headers['content-type'],
    accept: request.headers.accept,
    body: sent === '' ? undefined : JSON.parse(sent),
    client: String((request.socket as TLSSocket).getPeerCertificate().subject.CN),
  };
}
