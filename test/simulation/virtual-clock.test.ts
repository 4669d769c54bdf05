import { describe, expect, test } from '@jest/globals';
import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import { createVirtualClock, type VirtualClock } from '../../src/simulation/virtual-clock.ts';

describe('createVirtualClock', () => {
  test('wakes sleepers in the order of their time, whoever slept first', async () => {
    const clock = createVirtualClock();
    const woken: string[] = [];
    void wakeAs('late', 300, clock, woken);
    void wakeAs('early', 100, clock, woken);
    void wakeAs('early too', 100, clock, woken);

    await clock.advance(200);
    expect({ woken, nowMs: clock.nowMs() }).toEqual({ woken: ['early', 'early too'], nowMs: 200 });
    await clock.advance(100);
    expect(woken).toEqual(['early', 'early too', 'late']);
  });

  test('lets promises run out before it wakes the next', async () => {
    const clock = createVirtualClock();
    const steps: string[] = [];
    void clock.sleep(10).then(async () => {
      for (let step = 0; step < 50; step += 1) await Promise.resolve();
      steps.push(`first done at ${clock.nowMs()}`);
    });
    void clock.sleep(11).then(() => steps.push('second'));
    await clock.advance(20);
    expect(steps).toEqual(['first done at 10', 'second']);
  });

  test('ends a sleep at once when its signal aborts', async () => {
    const clock = createVirtualClock();
    const abort = new AbortController();
    const slept = clock.sleep(1_000, abort.signal).then(() => clock.nowMs());
    void clock.sleep(5).then(() => abort.abort());
    expect(await clock.drive(slept)).toBe(5);
    expect(clock.sleeperCount()).toBe(0);
    expect(await clock.drive(clock.sleep(1_000, abort.signal).then(() => clock.nowMs()))).toBe(5);
  });

  test('ends all that sleep on one signal, in the order in which they began, and nobody else', async () => {
    const clock = createVirtualClock();
    const abort = new AbortController();
    const woken: string[] = [];
    void clock.sleep(10, abort.signal).then(() => woken.push('woken before'));
    void clock.sleep(900, abort.signal).then(() => woken.push('first'));
    void clock.sleep(800, abort.signal).then(() => woken.push('second'));
    void clock.sleep(700).then(() => woken.push('without'));
    await clock.advance(20);
    abort.abort();
    await clock.advance(0);
    expect({ woken, sleepers: clock.sleeperCount() }).toEqual({
      woken: ['woken before', 'first', 'second'],
      sleepers: 1,
    });
  });

  test('leaves turns of the event loop to the rest of the process', async () => {
    const clock = createVirtualClock();
    void beat(clock);
    let turns = 0;
    const count = (): void => {
      turns += 1;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    await clock.advance(1_000_000);
    clearImmediate(counting);
    expect(turns).toBeGreaterThan(9);
  });

  test('drives a program to its end and passes its failure on', async () => {
    const clock = createVirtualClock();
    const program = clock.sleep(60_000).then(() => Promise.reject(new Error('broken')));
    await expect(clock.drive(program)).rejects.toThrow('broken');
    expect(clock.nowMs()).toBe(60_000);
  });

  test('says so instead of waiting for what can not happen', async () => {
    const clock = createVirtualClock();
    await expect(clock.drive(new Promise(() => {}))).rejects.toThrow('nobody sleeps');
    void beat(clock);
    await expect(clock.runUntilQuiet(5_000)).rejects.toThrow('not within 5000 ms');
    await expect(clock.runUntil(() => false, 5_000)).rejects.toThrow('not within 5000 ms');
  });

  test('stands still when everything is quiet', async () => {
    const clock = createVirtualClock();
    void clock.sleep(40).then(() => clock.sleep(2));
    await clock.runUntilQuiet();
    expect(clock.nowMs()).toBe(42);
  });

  test('draws the order of those who wake together from a seed', async () => {
    const orderOf = async (seed: number) => {
      const clock = createVirtualClock({ random: createSeededRandom(seed) });
      const woken: string[] = [];
      for (const name of ['a', 'b', 'c', 'd', 'e']) void wakeAs(name, 10, clock, woken);
      await clock.advance(10);
      return woken.join('');
    };
    expect(await orderOf(1)).toBe(await orderOf(1));
    const orders = new Set(await Promise.all([1, 2, 3, 4, 5].map(orderOf)));
    expect(orders.size).toBeGreaterThan(1);
  });

  test('tells people the wall time it was given', async () => {
    const clock = createVirtualClock({ startWallMs: 1_000_000 });
    await clock.advance(500);
    expect(clock.wallMs()).toBe(1_000_500);
  });
});

async function wakeAs(name: string, delayMs: number, clock: VirtualClock, woken: string[]) {
  await clock.sleep(delayMs);
  woken.push(name);
}

async function beat(clock: VirtualClock): Promise<void> {
  for (;;) await clock.sleep(1_000);
}
