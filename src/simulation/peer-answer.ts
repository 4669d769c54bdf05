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

/** A body as it arrives: JSON, and nothing shared with whoever sent it. */
export function asSent(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body ?? null));
}
