import { expect, test } from '@jest/globals';
import { outages, totalMs, type WorksFrom } from '../../../src/simulation/scenario/outages.ts';

interface Row {
  readonly when: string;
  readonly changes: readonly (readonly [atMs: number, works: boolean])[];
  readonly found: readonly (readonly [fromMs: number, toMs: number])[];
}

test.each<Row>([
  { when: 'it never began to work', changes: [], found: [[100, 200]] },
  { when: 'it works all the time', changes: [[50, true]], found: [] },
  {
    when: 'it stops and works again, and stops again',
    changes: [
      [50, true],
      [120, false],
      [130, true],
      [190, false],
    ],
    found: [
      [120, 130],
      [190, 200],
    ],
  },
  {
    when: 'it was down before the period, and what is said twice counts once',
    changes: [
      [50, false],
      [90, false],
      [110, false],
      [140, true],
    ],
    found: [[100, 140]],
  },
  {
    when: 'it stops only after the period',
    changes: [
      [50, true],
      [250, false],
    ],
    found: [],
  },
])('outages between 100 and 200 ms when $when', ({ changes, found }) => {
  const works = changes.map(([atMs, value]): WorksFrom => ({ atMs, works: value }));
  const expected = found.map(([fromMs, toMs]) => ({ fromMs, toMs }));
  expect(outages(works, { fromMs: 100, toMs: 200 })).toEqual(expected);
});

test('downtime is the sum of all outages', () => {
  const all = [
    { fromMs: 100, toMs: 130 },
    { fromMs: 190, toMs: 200 },
  ];
  expect(totalMs(all)).toBe(40);
});
