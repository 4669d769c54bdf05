import type { Finding } from '../../state/survey.ts';

const MOST_LETTERS = 1_000;

/** Passed when there is no trouble; else each in half a sentence with its cure. */
export function finding(name: string, troubles: readonly string[], fine: string): Finding {
  const passed = troubles.length === 0;
  const message = passed ? fine : troubles.join('; ');
  return { name, passed, message: message.slice(0, MOST_LETTERS) };
}
