import type { Wait, WaitReason } from './status.ts';

/** What a wait of the log has room for. */
const MOST_LETTERS = 1_000;

/** The same with a message that fits into the log. */
export function shortWait({ reason, message }: WaitReason): WaitReason {
  return { reason, message: message.slice(0, MOST_LETTERS) };
}

/** For the log: a wait for the same reason as before keeps its beginning. Null where nothing is waited for. */
export function datedWait(
  waiting: WaitReason | undefined,
  before: Wait | null | undefined,
  wallMs: number,
): Wait | null {
  if (waiting === undefined) return null;
  const isSame = before?.reason === waiting.reason;
  const sinceWallMs = isSame ? before.sinceWallMs : Math.max(0, Math.round(wallMs));
  return { ...shortWait(waiting), sinceWallMs };
}
