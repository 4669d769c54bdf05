import { describe, expect, test } from '@jest/globals';
import { type Comebacks, distrustOf, withVerdicts } from '../../src/state/comebacks.ts';
import type { Liveness } from '../../src/state/liveness.ts';
import { id, liveness } from '../support/controllers-entries.ts';

const NODE = { nodeId: id(2), incarnation: 1 };

/** What is remembered after verdicts at these times. */
function after(...verdicts: readonly (readonly [atMs: number, Liveness['verdict']])[]): Comebacks {
  return verdicts.reduce<Comebacks>(
    (comebacks, [atMs, verdict]) => withVerdicts(comebacks, [liveness(2, { verdict })], atMs),
    new Map(),
  );
}

/** It was suspected and came back this often, once a minute from 0 on. */
function flapping(times: number): Comebacks {
  const minutes = Array.from({ length: times }, (_, minute) => minute * 60_000);
  return after(
    [0, 'alive'],
    ...minutes.flatMap((atMs) => [[atMs, 'suspect'] as const, [atMs + 5_000, 'alive'] as const]),
  );
}

describe('a node that comes back', () => {
  test.each([
    { times: 0, distrust: undefined },
    { times: 1, distrust: undefined },
    { times: 2, distrust: undefined },
    { times: 3, distrust: { times: 3, forMs: 30_000 } },
    { times: 4, distrust: { times: 4, forMs: 60_000 } },
    { times: 5, distrust: { times: 5, forMs: 120_000 } },
    { times: 6, distrust: { times: 6, forMs: 240_000 } },
    { times: 7, distrust: { times: 7, forMs: 240_000 } },
  ])('$times times within ten minutes', ({ times, distrust }) => {
    expect(distrustOf(flapping(times), NODE, 400_000)).toEqual(distrust);
  });

  test('serves its time under suspicion', () => {
    const suspected = withVerdicts(flapping(3), [liveness(2, { verdict: 'suspect' })], 180_000);
    expect(distrustOf(suspected, NODE, 190_000)).toEqual({ times: 3, forMs: 20_000 });
    expect(distrustOf(suspected, NODE, 210_000)).toBeUndefined();
  });

  test('is trusted again ten minutes later', () => {
    expect(distrustOf(flapping(3), NODE, 604_999)).toEqual({ times: 3, forMs: 30_000 });
    expect(distrustOf(flapping(3), NODE, 605_000)).toBeUndefined();
  });

  test('as another incarnation has no past', () => {
    const again = withVerdicts(flapping(3), [liveness(2, { incarnation: 2 })], 180_000);
    expect(distrustOf(again, { ...NODE, incarnation: 2 }, 180_000)).toBeUndefined();
  });
});
