import { describe, expect, test } from '@jest/globals';
import { watchAddress } from '../../src/agent/watch-address.ts';
import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';

const LOOK_MS = 10_000;

/** Code of the error after `seconds`, while the host has at each look what `at` says; undefined for none. */
async function codeAfter(
  seconds: number,
  at: (look: number) => readonly string[],
): Promise<string | undefined> {
  const clock = createVirtualClock({ random: createSeededRandom(1) });
  const { signal } = new AbortController();
  let code: string | undefined;
  const addresses = () => at(Math.round(clock.nowMs() / LOOK_MS));
  watchAddress({ address: '10.0.0.1', clock, signal, addresses }).catch((error) => {
    code = error.code;
  });
  await clock.advance(seconds * 1_000);
  return code;
}

const OLD = ['10.0.0.1'];
const NEW = ['10.0.0.2'];

describe('an agent goes on', () => {
  test.each([
    { when: 'while its machine has the address', at: () => OLD },
    {
      when: 'while its machine has no address at all',
      at: (look: number) => (look > 1 ? [] : OLD),
    },
    {
      when: 'when the address comes back in time',
      at: (look: number) => (look % 3 === 0 ? OLD : NEW),
    },
    { when: 'under an address that the machine never listed', at: () => NEW },
    {
      when: 'when it has another one besides',
      at: (look: number) => (look > 1 ? [...NEW, ...OLD] : OLD),
    },
  ])('$when', async ({ at }) => {
    expect(await codeAfter(600, at)).toBeUndefined();
  });
});

test('an agent ends once its machine has had another address for half a minute', async () => {
  const moves = (look: number) => (look > 3 ? NEW : OLD);
  expect(await codeAfter(59, moves)).toBeUndefined();
  expect(await codeAfter(61, moves)).toBe('agent.address-gone');
});
