import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';

export interface HttpsJsonRequest {
  readonly agent: Agent;
  readonly url: URL;
  /** The body of a PATCH is a JSON merge patch (RFC 7396). */
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface HttpsJsonAnswer {
  readonly status: number;
  /** Undefined where the body is no JSON. */
  readonly body: unknown;
}

/**
 * One JSON request. Rejects with a plain Error when there is no whole answer: no connection, a
 * certificate that does not verify, no end within `timeoutMs`, or more than `maxBytes`.
 */
export async function httpsJson(asked: HttpsJsonRequest): Promise<HttpsJsonAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const body = asked.body === undefined ? '' : JSON.stringify(asked.body);
  const outgoing = request(asked.url, {
    agent: asked.agent,
    method: asked.method,
    headers: {
      accept: 'application/json',
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
  const text = await readBounded(response, asked.maxBytes);
  return { status: response.statusCode ?? 0, body: parseJson(text) };
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

/** A proxy's or a probe's answer may be plain text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
