import { expect, test } from '@jest/globals';
import { createMemoryLink } from '../../src/simulation/memory-link.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';
import { commonWays } from '../../src/simulation/ways.ts';

const TRIP_MS = 5;
const OWN_MS = 200;

function bench() {
  const clock = createVirtualClock();
  const near = { first: true, second: true };
  const links = {
    first: createMemoryLink(
      () => clock.sleep(OWN_MS),
      () => near.first,
    ),
    second: createMemoryLink(
      () => clock.sleep(OWN_MS),
      () => near.second,
    ),
  };
  const ways = commonWays(() => clock.sleep(TRIP_MS));
  const arrivedMs: Record<string, number> = {};

  function send(): void {
    const way = ways();
    for (const name of ['first', 'second'] as const) {
      void way(links[name]).then(() => {
        arrivedMs[name] = clock.nowMs();
      });
    }
  }
  return { clock, near, arrivedMs, send };
}

test('who is near hears a message after one trip, which wakes nobody twice', async () => {
  const { clock, arrivedMs, send } = bench();
  send();
  expect(clock.sleeperCount()).toBe(1);
  await clock.advance(1_000);
  expect(arrivedMs).toEqual({ first: TRIP_MS, second: TRIP_MS });
});

test('who is far hears it by its own way, and so does whoever stands still when it comes', async () => {
  const { clock, near, arrivedMs, send } = bench();
  near.first = false;
  send();
  await clock.advance(1);
  near.second = false;
  await clock.advance(1_000);
  expect(arrivedMs).toEqual({ first: OWN_MS, second: TRIP_MS + OWN_MS });
});
