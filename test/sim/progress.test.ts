import { describe, expect, test } from '@jest/globals';
import { createProgress } from '../../sim/progress.ts';

/** What is written while a search has a report every ten seconds. */
function written(isTerminal: boolean, failures: readonly (string | undefined)[]): string {
  let text = '';
  let nowMs = 0;
  const progress = createProgress({
    seeds: failures.length,
    isTerminal,
    nowMs: () => nowMs,
    write: (more) => {
      text += more;
    },
  });
  for (const [index, failure] of failures.entries()) {
    nowMs += 10_000;
    progress.tell({ seed: index + 1, failure });
  }
  progress.end();
  return text;
}

describe('a search', () => {
  test('says every half a minute how far it is where there is no terminal, and failures at once', () => {
    expect(written(false, [undefined, 'S1: two', undefined, undefined, undefined, undefined])).toBe(
      [
        'seed 2: S1: two',
        '3 of 6 seeds in 30 s, 1 failed',
        '6 of 6 seeds in 60 s, 1 failed',
        '',
      ].join('\n'),
    );
  });

  test('writes one line over and over on a terminal', () => {
    expect(written(true, [undefined, 'S1: two'])).toBe(
      [
        '\r1 of 2 seeds in 10 s, 0 failed',
        '\r\u001B[Kseed 2: S1: two\n',
        '\r2 of 2 seeds in 20 s, 1 failed\n',
      ].join(''),
    );
  });
});
