import { describe, expect, test } from '@jest/globals';
import { type CostlyQuestion, rememberAnswer } from '../../src/adapters/remembered-answer.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';

const TEN_MINUTES_MS = 600_000;

/** A question whose answer counts how often it was asked. */
function counted(options: Partial<CostlyQuestion<number>> = {}) {
  const clock = createVirtualClock();
  const world = { asked: 0, evidence: 'a' as string | undefined };
  const ask = async () => {
    world.asked += 1;
    return world.asked;
  };
  const evidence = async () => world.evidence;
  return { clock, world, remembered: rememberAnswer({ ask, evidence, ...options }, clock) };
}

describe('a remembered answer', () => {
  test('is asked for once while its evidence stands', async () => {
    const { remembered } = counted();
    expect([await remembered.get(), await remembered.get(), await remembered.get()]).toEqual([
      1, 1, 1,
    ]);
  });

  test('is asked for again when its evidence changed, and when it changed back', async () => {
    const { remembered, world } = counted();
    await remembered.get();
    world.evidence = 'b';
    expect([await remembered.get(), await remembered.get()]).toEqual([2, 2]);
    world.evidence = 'a';
    expect(await remembered.get()).toBe(3);
  });

  test('is asked for each time where there is no evidence', async () => {
    const { remembered, world } = counted();
    world.evidence = undefined;
    expect([await remembered.get(), await remembered.get()]).toEqual([1, 2]);
  });

  test('is asked for again after ten minutes', async () => {
    const { clock, remembered } = counted();
    await remembered.get();
    await clock.advance(TEN_MINUTES_MS - 1);
    expect(await remembered.get()).toBe(1);
    await clock.advance(1);
    expect(await remembered.get()).toBe(2);
  });

  test('is asked for again by whoever changed what it is about', async () => {
    const { remembered } = counted();
    await remembered.get();
    remembered.forget();
    expect([await remembered.get(), await remembered.get()]).toEqual([2, 2]);
  });

  test('is not kept when it was on its way during a change', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let asked = 0;
    const { remembered } = counted({
      ask: async () => {
        asked += 1;
        await promise;
        return asked;
      },
    });
    const first = remembered.get();
    await Promise.resolve();
    remembered.forget();
    resolve();
    await first;
    await remembered.get();
    expect(asked).toBe(2);
  });

  test('is not kept when its evidence changed while it was on its way', async () => {
    const { remembered, world } = counted({
      ask: async () => {
        world.asked += 1;
        world.evidence = 'b';
        return world.asked;
      },
    });
    expect([await remembered.get(), await remembered.get(), await remembered.get()]).toEqual([
      1, 2, 2,
    ]);
  });

  test('is not kept when it can not last', async () => {
    const { remembered } = counted({ lasts: (answer) => answer > 1 });
    expect([await remembered.get(), await remembered.get(), await remembered.get()]).toEqual([
      1, 2, 2,
    ]);
  });

  test('that failed is asked for again', async () => {
    const { remembered, world } = counted({
      ask: async () => {
        world.asked += 1;
        if (world.asked === 1) throw new Error('no answer');
        return world.asked;
      },
    });
    await expect(remembered.get()).rejects.toThrow('no answer');
    expect(await remembered.get()).toBe(2);
  });
});
