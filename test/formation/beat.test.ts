import { expect, test } from '@jest/globals';
import { createBeat } from '../../src/formation/beat.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';

/** A beat whose hellos are due at `dueMs`; each sets the next one ten seconds off. */
function bench(options: { readonly isForming: boolean }) {
  const clock = createVirtualClock();
  const state = { isForming: options.isForming, dueMs: 10_000 };
  const seen = { greetedMs: [] as number[], ticks: 0 };
  const beat = createBeat(clock);
  beat.start({
    isForming: () => state.isForming,
    mayPropose: () => true,
    greet() {
      seen.greetedMs.push(clock.nowMs());
      if (clock.nowMs() >= state.dueMs) state.dueMs = clock.nowMs() + 10_000;
    },
    untilGreetMs: () => Math.max(0, state.dueMs - clock.nowMs()),
    remember: () => undefined,
    tick() {
      seen.ticks += 1;
    },
  });
  return { clock, state, seen, beat };
}

test('a formed node that hears nothing new wakes only for its hellos, and proposes nothing', async () => {
  const { clock, seen } = bench({ isForming: false });
  await clock.advance(35_000);
  expect(seen).toEqual({ greetedMs: [0, 10_000, 20_000, 30_000], ticks: 0 });
});

test('a node that forms beats ten times a second', async () => {
  const { clock, seen } = bench({ isForming: true });
  await clock.advance(950);
  expect(seen.ticks).toBe(10);
});

test('a hello that is due earlier than it was goes out then, but not sooner than 100 ms', async () => {
  const { clock, state, seen, beat } = bench({ isForming: false });
  await clock.advance(1_000);
  state.dueMs = 3_000;
  beat.wake();
  await clock.advance(3_000);
  state.dueMs = clock.nowMs() + 50;
  beat.wake();
  await clock.advance(1_000);
  expect(seen.greetedMs).toEqual([0, 3_000, 4_100]);
});

test('a node that has to form again does so at once', async () => {
  const { clock, state, seen, beat } = bench({ isForming: false });
  await clock.advance(1_000);
  state.isForming = true;
  beat.wake();
  await clock.advance(450);
  expect(seen.ticks).toBe(4);
});

test('nothing beats after the stop, whoever wakes it', async () => {
  const { clock, seen, beat } = bench({ isForming: false });
  await clock.advance(1_000);
  beat.stop();
  beat.wake();
  await clock.advance(60_000);
  expect(seen.greetedMs).toEqual([0]);
});
