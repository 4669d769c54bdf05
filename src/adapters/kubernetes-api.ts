import type { z } from 'zod';
import { RetryableError, TerminalError } from '../errors.ts';
import { type HttpsJsonAnswer, type HttpsJsonRequest, httpsJson } from './https-json.ts';
import type { KubeCredentials } from './kube-credentials.ts';

const CALL_TIMEOUT_MS = 10_000;
/** A page of 100 Nodes, each of which may list 50 images, stays well below. */
const MAX_ANSWER_BYTES = 16_777_216;

type Method = HttpsJsonRequest['method'];

/** What an API server says to a call it did not refuse. */
export interface KubeAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface CallOptions extends Pick<HttpsJsonRequest, 'body' | 'accept'> {
  readonly foreseen?: readonly number[];
}

/**
 * One call. Resolves for 2xx and for each status of `foreseen`; else rejects with TerminalError
 * `kube.refused` for what the API server will refuse again, and RetryableError `kube.unreachable`
 * for the rest.
 */
export async function callKube(
  { server, agent }: KubeCredentials,
  method: Method,
  path: string,
  { foreseen = [], ...asked }: CallOptions = {},
): Promise<KubeAnswer> {
  const url = new URL(path, server);
  const limits = { timeoutMs: CALL_TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES };
  const answer = await answered(url, httpsJson({ agent, url, method, ...asked, ...limits }));
  if (answer.status < 300 || foreseen.includes(answer.status)) return answer;
  const said = `${method} ${url.pathname}: ${answer.status} ${reasonOf(answer.body)}`;
  if (answer.status === 429 || answer.status >= 500) {
    const message = `An API server can not answer ${said}: see its log if it stays.`;
    throw new RetryableError('kube.unreachable', message);
  }
  const message = `An API server refused ${said}: check that admin.conf and kubelet.conf of this host are of this cluster and have not expired.`;
  throw new TerminalError('kube.refused', message);
}

/** The body as `schema` has it; RetryableError `kube.unreachable` for what is no such object. */
export function parsed<S extends z.ZodType>(schema: S, { body }: KubeAnswer): z.infer<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const message = `What answers is no Kubernetes API server (${result.error.issues[0]?.message}): see which program has its port.`;
  throw new RetryableError('kube.unreachable', message);
}

async function answered(url: URL, call: Promise<HttpsJsonAnswer>): Promise<HttpsJsonAnswer> {
  try {
    return await call;
  } catch (cause) {
    const message = `No API server answers at ${url.host} (${String(cause)}): look at the API servers and at this node's load balancer if it stays.`;
    throw new RetryableError('kube.unreachable', message, { cause });
  }
}

function reasonOf(body: unknown): string {
  const hasMessage = typeof body === 'object' && body !== null && 'message' in body;
  return hasMessage ? String(body.message).slice(0, 300) : '';
}
