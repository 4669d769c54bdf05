import { durationMs } from '../go-duration.ts';
import { badOption } from './bad-option.ts';

const LONGEST_HOURS = 168;
const ONE_HOUR_MS = 3_600_000;

/** When events happen that say no moment of their own, and when all is over. */
export interface Moments {
  readonly defaultMs: number;
  readonly endMs: number;
}

/** `90s`, `10m`, `1h30m` in milliseconds; `typed` is the option with what it stands in. */
export function parseDuration(typed: string, text: string, leastMs: 0 | 1): number {
  const ms = durationMs(text);
  if (ms !== undefined && ms >= leastMs && ms <= LONGEST_HOURS * ONE_HOUR_MS) return ms;
  const most = `at most ${LONGEST_HOURS}h`;
  const least = leastMs === 0 ? '' : 'longer than 0s and ';
  throw badOption(`${typed} is wrong: say a duration such as 90s, 10m or 1h30m, ${least}${most}.`);
}

/** Takes `n1@5m` apart; without `@`, the event happens when all others do. */
export function splitMoment(
  option: string,
  text: string,
  { defaultMs, endMs }: Moments,
): { readonly what: string; readonly atMs: number } {
  const at = text.lastIndexOf('@');
  const what = at === -1 ? text : text.slice(0, at);
  const typed = `${option} ${text}`;
  const atMs = at === -1 ? defaultMs : parseDuration(typed, text.slice(at + 1), 0);
  if (atMs < endMs) return { what, atMs };
  throw badOption(
    `${typed} happens when all is over: choose an earlier --at or ${what}@MOMENT, or a longer --for.`,
  );
}
