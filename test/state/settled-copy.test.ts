import { describe, expect, test } from '@jest/globals';
import { isSettledCopy } from '../../src/state/settled-copy.ts';

describe('isSettledCopy', () => {
  test.each([
    { when: 'the log has worked for ten seconds', sinceMs: 10_000, enrolled: true, settled: true },
    { when: 'the log came back just now', sinceMs: 9_999, enrolled: true, settled: false },
    { when: 'the copy lacks this node', sinceMs: 60_000, enrolled: false, settled: false },
  ])('is $settled when $when', ({ sinceMs, enrolled, settled }) => {
    expect(isSettledCopy(sinceMs, enrolled)).toBe(settled);
  });
});
