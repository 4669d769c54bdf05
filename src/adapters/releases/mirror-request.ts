import type { Clock } from '../../ports/clock.ts';
import { mirrorFailed } from '../../state/release-errors.ts';
import { watchStall } from './stall-watch.ts';

const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** The head of an answer may take as long, and so may 16 KiB of it. */
const STALL_MS = 30_000;

export interface MirrorAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, piece by piece; rejects as `askMirror` does when it breaks off. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * GETs a file from byte `offset` on, and hands the answer to `use`, redirects followed. Rejects as `use`
 * does, and with RetryableError `release.mirror` when there is no answer, it stalls, or redirects lead too
 * far or from https to http.
 */
export async function askMirror<T>(
  clock: Clock,
  { url, offset }: { readonly url: string; readonly offset: number },
  use: (answer: MirrorAnswer) => Promise<T>,
): Promise<T> {
  const stalled = new AbortController();
  const watch = watchStall(clock, STALL_MS, () => stalled.abort());
  const failed = (cause: unknown) => {
    const why = stalled.signal.aborted
      ? `less than 16 KiB came within ${STALL_MS / 1_000} s`
      : words(cause);
    return mirrorFailed(url, why, cause);
  };
  try {
    const response = await follow(url, offset, stalled.signal, failed);
    const { status, headers } = response;
    return await use({ status, headers, body: pieces(response, watch.noteMoved, failed) });
  } finally {
    watch.stop();
    stalled.abort(); // ends the connection of an answer that was not read to its end
  }
}

async function follow(
  url: string,
  offset: number,
  signal: AbortSignal,
  failed: (cause: unknown) => Error,
): Promise<Response> {
  let at = new URL(url);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const response = await get(at, offset, signal).catch((cause: unknown) => {
      throw failed(cause);
    });
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (location === null) return response;
    const next = new URL(location, at);
    if (at.protocol === 'https:' && next.protocol !== 'https:') {
      throw mirrorFailed(url, `it leads to ${next.origin}, which is not encrypted`);
    }
    at = next;
  }
  throw mirrorFailed(
    url,
    `it leads from one address to the next more than ${MOST_REDIRECTS} times`,
  );
}

function get(url: URL, offset: number, signal: AbortSignal): Promise<Response> {
  const headers = {
    'accept-encoding': 'identity', // the sum is that of the bytes as they lie there
    ...(offset > 0 && { range: `bytes=${offset}-` }),
  };
  return fetch(url, { headers, redirect: 'manual', signal });
}

async function* pieces(
  { body }: Response,
  onPiece: (bytes: number) => void,
  failed: (cause: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  for (;;) {
    const piece = await reader?.read().catch((cause: unknown) => {
      throw failed(cause);
    });
    if (!piece || piece.done) return;
    onPiece(piece.value.length);
    yield piece.value;
  }
}

/** fetch hides what happened in the cause of its error. */
function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? words(error.cause) : error.message;
}
