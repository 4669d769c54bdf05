import { describe, expect, test } from '@jest/globals';
import { createLeaseBook, isOwnLease } from '../../src/state/lease-book.ts';

const self = { nodeId: 'aaaaaaaaaaa', incarnation: 1 };
const lease = (term: number | null, holder = self) => JSON.stringify({ ...holder, term });

/** Hears the log every second from `fromMs` to `toMs`. */
function listen(book: ReturnType<typeof createLeaseBook>, fromMs: number, toMs: number): void {
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += 1_000) book.heard(nowMs);
}

describe('a lease book', () => {
  test('has each node with the time since its last beat, and forgets it after an hour', () => {
    const book = createLeaseBook(0);
    book.sawBeat(self, 1_000);
    book.sawBeat({ nodeId: 'bbbbbbbbbbb', incarnation: 2 }, 2_000);
    book.sawBeat(self, 4_000);
    expect(book.nodes(5_000)).toEqual([
      { ...self, ageMs: 1_000 },
      { nodeId: 'bbbbbbbbbbb', incarnation: 2, ageMs: 3_000 },
    ]);
    expect(book.nodes(3_603_000)).toEqual([{ ...self, ageMs: 3_599_000 }]);
  });

  test('ages the lease of a leader from its last renewal, not from when it is told again', () => {
    const book = createLeaseBook(0);
    book.sawLeader(5, lease(3), 1_000);
    book.sawLeader(5, lease(3), 9_000);
    expect([book.termAgeMs(3, 10_000), book.termAgeMs(2, 10_000), book.leader()]).toEqual([
      9_000,
      undefined,
      { revision: 5, seenMs: 1_000 },
    ]);
  });

  test('takes a claim for a change of the lease, but for no beat of a term', () => {
    const book = createLeaseBook(0);
    book.sawLeader(5, lease(3), 1_000);
    book.sawLeader(6, lease(null), 2_000);
    expect([book.termAgeMs(3, 4_000), book.leader()]).toEqual([
      3_000,
      { revision: 6, seenMs: 2_000 },
    ]);
  });

  test('counts from the last failover while the log is heard', () => {
    const book = createLeaseBook(0);
    listen(book, 0, 10_000);
    book.failedOver(10_000);
    listen(book, 11_000, 20_000);
    expect(book.sinceFailoverMs(20_500)).toBe(10_500);
  });

  test('is at zero as long as the log is silent', () => {
    const book = createLeaseBook(0);
    listen(book, 0, 10_000);
    expect([16_000, 16_001, 60_000].map(book.sinceFailoverMs)).toEqual([16_000, 0, 0]);
  });

  test('takes a pause of this process for a failover, even when nobody asked meanwhile', () => {
    const book = createLeaseBook(0);
    listen(book, 0, 10_000);
    listen(book, 70_000, 75_000);
    expect(book.sinceFailoverMs(75_000)).toBe(5_000);
  });
});

describe('a leader lease is a link of my chain', () => {
  test.each([
    { when: 'it is my beat in that term', text: lease(3), own: true },
    { when: 'it is my claim', text: lease(null), own: true },
    { when: 'it is my beat in another term', text: lease(2), own: false },
    {
      when: 'another wrote it',
      text: lease(3, { nodeId: 'bbbbbbbbbbb', incarnation: 1 }),
      own: false,
    },
    {
      when: 'an earlier life of mine wrote it',
      text: lease(3, { ...self, incarnation: 2 }),
      own: false,
    },
    { when: 'it was deleted', text: null, own: false },
    { when: 'it is no JSON', text: 'x', own: false },
    { when: 'it is of a newer release', text: '{"holder":"a"}', own: false },
  ])('$own when $when', ({ text, own }) => {
    expect(isOwnLease(text, self, 3)).toBe(own);
  });
});
