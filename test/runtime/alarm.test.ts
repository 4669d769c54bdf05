import { expect, test } from '@jest/globals';
import { createAlarm } from '../../src/runtime/alarm.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';

function bench() {
  const clock = createVirtualClock();
  const rungMs: number[] = [];
  const alarm = createAlarm(clock, () => void rungMs.push(clock.nowMs()));
  return { clock, rungMs, alarm };
}

test('an alarm rings once, at the earliest of the times it was set to', async () => {
  const { clock, rungMs, alarm } = bench();
  for (const atMs of [3_000, 1_000, 2_000]) alarm.set(atMs);
  await clock.advance(10_000);
  expect(rungMs).toEqual([1_000]);
});

test('who is rung sets it anew, also to a time that was set before', async () => {
  const { clock, rungMs, alarm } = bench();
  alarm.set(3_000);
  alarm.set(1_000);
  await clock.advance(1_000);
  alarm.set(3_000);
  await clock.advance(10_000);
  expect(rungMs).toEqual([1_000, 3_000]);
});

test('a time that has passed rings at once', async () => {
  const { clock, rungMs, alarm } = bench();
  await clock.advance(5_000);
  alarm.set(1_000);
  await clock.advance(0);
  expect(rungMs).toEqual([5_000]);
});

test('a stopped alarm rings no more, and keeps no timer', async () => {
  const { clock, rungMs, alarm } = bench();
  alarm.set(1_000);
  alarm.stop();
  alarm.set(500);
  await clock.advance(10_000);
  expect(rungMs).toEqual([]);
  expect(clock.sleeperCount()).toBe(0);
});
