import { TerminalError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { mirrorFailed, tooLarge, wrongSum } from '../../state/release-errors.ts';
import type { IncomingFile } from './incoming-file.ts';
import { askMirror, type MirrorAnswer } from './mirror-request.ts';

/** Each goes on where the one before broke off. */
const MOST_ATTEMPTS = 5;

export interface Download {
  readonly url: string;
  readonly sha256: string;
  readonly maxBytes: number;
  readonly incoming: IncomingFile;
  onProgress(doneBytes: number, totalBytes: number | null): void;
}

/**
 * Fetches a file, and goes on with what is there of it. Resolves once it has its name. TerminalError
 * `release.wrong-sum` and `release.too-large`, with nothing kept; RetryableError `release.mirror`, with
 * what came kept for the next time.
 */
export async function downloadFile(clock: Clock, download: Download): Promise<void> {
  const isResumed = (await download.incoming.size()) > 0;
  const found = await fetchWhole(clock, download);
  if (found === undefined) return;
  // What an earlier run left may have been torn by a power cut: no fault of the mirror.
  const foundAgain = isResumed ? await fetchWhole(clock, download) : found;
  if (foundAgain !== undefined) throw wrongSum(download.url, download.sha256, foundAgain);
}

/** Undefined once it is kept, else the sum of what came. */
async function fetchWhole(clock: Clock, download: Download): Promise<string | undefined> {
  const { url, incoming } = download;
  for (let attempt = 1; ; attempt += 1) {
    const offset = await incoming.size();
    try {
      await askMirror(clock, { url, offset }, (answer) => take(answer, download, offset));
      return await incoming.keep();
    } catch (error) {
      const hasMoved = (await incoming.size()) !== offset;
      if (error instanceof TerminalError || !hasMoved || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

async function take(answer: MirrorAnswer, download: Download, offset: number): Promise<void> {
  const { url, incoming, onProgress } = download;
  let done = await beginAt(answer, download, offset);
  const length = answer.headers.get('content-length');
  const total = length === null ? null : done + Number(length);
  await refuseTooLarge(download, total ?? 0);
  for await (const piece of answer.body) {
    done += piece.length;
    await refuseTooLarge(download, done);
    await incoming.append(piece);
    onProgress(done, total);
  }
  if (done === 0) throw mirrorFailed(url, 'it is empty');
}

/** From which byte on the answer is; what does not go on from what is there makes that useless. */
async function beginAt(
  { status, headers }: MirrorAnswer,
  { url, incoming }: Download,
  offset: number,
): Promise<number> {
  const range = headers.get('content-range') ?? '';
  if (status === 206 && range.startsWith(`bytes ${offset}-`)) return offset;
  if (status === 200 || status === 206 || status === 416) await incoming.startOver();
  if (status === 200) return 0;
  throw mirrorFailed(url, `it answers ${status}`);
}

async function refuseTooLarge(download: Download, bytes: number): Promise<void> {
  const { url, maxBytes, incoming } = download;
  if (bytes <= maxBytes) return;
  await incoming.startOver();
  throw tooLarge(url, maxBytes);
}
