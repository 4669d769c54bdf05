import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';

export interface HttpsTextRequest {
  readonly agent: Agent;
  readonly url: URL;
  /** The body of a PATCH is a JSON merge patch (RFC 7396). */
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  /** What may be answered, `application/json`. */
  readonly accept: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface HttpsTextAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * One request. Rejects with a plain Error when there is no whole answer: no connection, a certificate
 * that does not verify, no end within `timeoutMs`, or more than `maxBytes`.
 */
export async function httpsText(asked: HttpsTextRequest): Promise<HttpsTextAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const body = asked.body === undefined ? '' : JSON.stringify(asked.body);
  const outgoing = request(asked.url, {
    agent: asked.agent,
    method: asked.method,
    headers: {
      accept: asked.accept,
      'content-type':
        asked.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      // Node sends the body of a DELETE without any length, which the server takes for a new request.
      'content-length': Buffer.byteLength(body),
    },
    signal: AbortSignal.timeout(asked.timeoutMs),
  });
  outgoing.on('response', resolve).on('error', reject);
  outgoing.end(body);

  const response = await promise;
  return { status: response.statusCode ?? 0, text: await readBounded(response, asked.maxBytes) };
}

async function readBounded(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    if (length > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
