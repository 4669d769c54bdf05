import { describe, expect, test } from '@jest/globals';
import { createRoundTrips } from '../../src/state/round-trips.ts';
import { id } from '../support/controllers-entries.ts';

const PING_MS = 2_000;
const FIVE_MINUTES_MS = 300_000;

/** Asked every two seconds, from one time to another. */
function watched(
  trips: ReturnType<typeof createRoundTrips>,
  number: number,
  {
    fromMs = 0,
    untilMs,
    tookMs,
  }: { fromMs?: number; untilMs: number; tookMs(nowMs: number): number },
) {
  for (let nowMs = fromMs; nowMs <= untilMs; nowMs += PING_MS) {
    trips.answered(id(number), tookMs(nowMs), nowMs);
  }
}

describe('how long questions take', () => {
  test('is unknown until somebody was asked for five minutes', () => {
    const trips = createRoundTrips();
    watched(trips, 2, { untilMs: FIVE_MINUTES_MS - PING_MS, tookMs: () => 30 });
    expect(trips.typicalMs([id(2), id(3)])).toBeUndefined();
    trips.answered(id(2), 30, FIVE_MINUTES_MS);
    expect(trips.typicalMs([id(2), id(3)])).toBe(30);
  });

  test('is what they take at their best, so neither a first connection nor a hiccup counts', () => {
    const trips = createRoundTrips();
    const tookMs = (nowMs: number) => (nowMs % 20_000 === 10_000 ? 1 : 900);
    watched(trips, 2, { untilMs: 2 * FIVE_MINUTES_MS, tookMs });
    expect(trips.typicalMs([id(2)])).toBe(1);
  });

  test('of a node that is no more is forgotten', () => {
    const trips = createRoundTrips();
    watched(trips, 2, { untilMs: FIVE_MINUTES_MS, tookMs: () => 30 });
    trips.watch([id(2)]);
    expect(trips.typicalMs([id(2)])).toBe(30);
    trips.watch([id(3)]);
    expect(trips.typicalMs([id(2)])).toBeUndefined();
  });

  test('gets longer once they took longer for all of the time, and shorter at once', () => {
    const trips = createRoundTrips();
    watched(trips, 2, { untilMs: FIVE_MINUTES_MS, tookMs: () => 1 });
    const slow = { fromMs: FIVE_MINUTES_MS + PING_MS, untilMs: 3 * FIVE_MINUTES_MS - PING_MS };
    watched(trips, 2, { ...slow, tookMs: () => 80 });
    expect(trips.typicalMs([id(2)])).toBe(1);
    trips.answered(id(2), 80, 3 * FIVE_MINUTES_MS);
    expect(trips.typicalMs([id(2)])).toBe(80);
    trips.answered(id(2), 1, 3 * FIVE_MINUTES_MS + PING_MS);
    expect(trips.typicalMs([id(2)])).toBe(1);
  });

  test.each([
    { tooks: [1, 1, 80], typical: 1 },
    { tooks: [1, 80, 80], typical: 80 },
    { tooks: [1, 80], typical: 1 },
  ])('is that of most of them: $typical of $tooks', ({ tooks, typical }) => {
    const trips = createRoundTrips();
    for (const [index, took] of tooks.entries()) {
      watched(trips, index + 2, { untilMs: FIVE_MINUTES_MS, tookMs: () => took });
    }
    expect(trips.typicalMs(tooks.map((_took, index) => id(index + 2)))).toBe(typical);
  });
});
