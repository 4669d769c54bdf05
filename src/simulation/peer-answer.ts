import { CivitasError, RetryableError } from '../errors.ts';
import type { PeerHandler } from '../ports/peers.ts';

/** What a handler says, told to the caller as the real peers do: its refusal is a RetryableError `peer.refused`. */
export async function answerOf(
  handler: PeerHandler,
  request: Parameters<PeerHandler>[0],
): Promise<unknown> {
  try {
    return await handler(request);
  } catch (error) {
    if (!(error instanceof CivitasError)) throw error;
    throw new RetryableError('peer.refused', error.message);
  }
}

/** A body as it arrives: what JSON keeps of it, and nothing shared with whoever sent it. */
export function asSent(body: unknown): unknown {
  if (body === undefined || body === null) return null;
  if (typeof body === 'string' || typeof body === 'boolean') return body;
  if (typeof body === 'number') return Number.isFinite(body) ? body : null;
  if (Array.isArray(body)) return body.map(asSent);
  if (isPlain(body)) return copyOf(body);
  return JSON.parse(JSON.stringify(body));
}

function isPlain(body: unknown): body is Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || 'toJSON' in body) return false;
  return Object.getPrototypeOf(body) === Object.prototype;
}

function copyOf(body: Readonly<Record<string, unknown>>): unknown {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(body)) {
    if (body[key] !== undefined) copy[key] = asSent(body[key]);
  }
  return copy;
}
