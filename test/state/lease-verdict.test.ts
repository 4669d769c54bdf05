import { describe, expect, test } from '@jest/globals';
import { leaseVerdict } from '../../src/state/lease-verdict.ts';

interface Row {
  when: string;
  ageMs: number | undefined;
  watchedMs: number;
  verdict: ReturnType<typeof leaseVerdict>;
}

describe('leaseVerdict', () => {
  test.each<Row>([
    { when: 'the lease is fresh', ageMs: 0, watchedMs: 0, verdict: 'alive' },
    { when: 'two beats are not missed yet', ageMs: 19_999, watchedMs: 90_000, verdict: 'alive' },
    { when: 'two beats are missed', ageMs: 20_000, watchedMs: 90_000, verdict: 'suspect' },
    { when: 'the lease is about to run out', ageMs: 29_999, watchedMs: 90_000, verdict: 'suspect' },
    { when: 'the lease ran out', ageMs: 30_000, watchedMs: 30_000, verdict: 'dead' },
    {
      when: 'it ran out 29 s after a failover',
      ageMs: 90_000,
      watchedMs: 29_999,
      verdict: 'suspect',
    },
    { when: 'it ran out just after a failover', ageMs: 90_000, watchedMs: 0, verdict: 'unknown' },
    {
      when: 'it was never seen, at first',
      ageMs: undefined,
      watchedMs: 19_999,
      verdict: 'unknown',
    },
    { when: 'it was never seen for 20 s', ageMs: undefined, watchedMs: 20_000, verdict: 'suspect' },
    { when: 'it was never seen for 30 s', ageMs: undefined, watchedMs: 30_000, verdict: 'dead' },
  ])('is $verdict when $when', ({ ageMs, watchedMs, verdict }) => {
    expect(leaseVerdict(ageMs, watchedMs)).toEqual(verdict);
  });
});
