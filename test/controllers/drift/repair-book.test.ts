import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../../src/controllers/drift/finding.ts';
import {
  deviationsOf,
  EMPTY_BOOK,
  mayRepair,
  nextBook,
  pruned,
  type RepairBook,
  withoutDue,
  withRepair,
} from '../../../src/controllers/drift/repair-book.ts';

const MINUTE_MS = 60_000;
const finding: Finding = {
  item: 'kubelet-config',
  message: 'config.yaml is gone',
  found: 'aa',
  repair: { type: 'restart-kubelet' },
};

interface Look {
  readonly atMs: number;
  readonly findings?: readonly Finding[];
  readonly stays?: boolean;
  readonly policy?: 'repair' | 'report';
  readonly repairs?: boolean;
}

/** The book after one look after the other; each says what it found and whether it repaired. */
function bookAfter(...looks: readonly Look[]): RepairBook {
  return looks.reduce(
    (book, { atMs, findings = [], stays = false, policy = 'repair', repairs }) => {
      const seen = { findings, stays: () => stays, policy, wallMs: atMs };
      const next = nextBook(book, seen);
      return repairs ? withRepair(next, finding.item, { wallMs: atMs, due: null }) : next;
    },
    EMPTY_BOOK,
  );
}

const found = (atMs: number, more: Partial<Look> = {}): Look => ({
  atMs,
  findings: [finding],
  ...more,
});
const gone = (atMs: number, more: Partial<Look> = {}): Look => ({ atMs, ...more });
const thrice = [
  found(0, { repairs: true }),
  gone(1_000),
  found(MINUTE_MS, { repairs: true }),
  gone(MINUTE_MS + 1_000),
  found(2 * MINUTE_MS, { repairs: true }),
  gone(2 * MINUTE_MS + 1_000),
];
const states = (book: RepairBook) => deviationsOf(book).map(({ state }) => state);

describe('what is told of a deviation', () => {
  test.each<{ when: string; looks: readonly Look[]; told: readonly string[] }>([
    { when: 'nothing was found', looks: [gone(0)], told: [] },
    { when: 'it was found', looks: [found(0)], told: ['repairing'] },
    { when: 'nobody may repair', looks: [found(0, { policy: 'report' })], told: ['reported'] },
    {
      when: 'nobody but people can',
      looks: [{ atMs: 0, findings: [{ ...finding, repair: undefined }] }],
      told: ['reported'],
    },
    { when: 'it is gone again', looks: [found(0), gone(1)], told: [] },
    { when: 'nobody could look', looks: [found(0), gone(1, { stays: true })], told: ['repairing'] },
    {
      when: 'nobody could look and nothing was there',
      looks: [gone(0, { stays: true })],
      told: [],
    },
    {
      when: 'three repairs did not last',
      looks: [...thrice, found(3 * MINUTE_MS)],
      told: ['kept'],
    },
    {
      when: 'two repairs did not last',
      looks: [...thrice.slice(0, 4), found(3 * MINUTE_MS)],
      told: ['repairing'],
    },
    {
      when: 'the third repair has yet to show',
      looks: [...thrice, found(2 * MINUTE_MS + 2_000)],
      told: ['repairing'],
    },
    {
      when: 'three repairs did not last, a day ago, and it stayed as it was',
      looks: [...thrice, found(3 * MINUTE_MS), found(24 * 60 * MINUTE_MS)],
      told: ['kept'],
    },
    {
      when: 'it was left alone, and is another one by now',
      looks: [
        ...thrice,
        found(3 * MINUTE_MS),
        { atMs: 70 * MINUTE_MS, findings: [{ ...finding, found: 'bb' }] },
      ],
      told: ['repairing'],
    },
    {
      when: 'it was left alone, and is another one within the hour',
      looks: [
        ...thrice,
        found(3 * MINUTE_MS),
        { atMs: 4 * MINUTE_MS, findings: [{ ...finding, found: 'bb' }] },
      ],
      told: ['kept'],
    },
    {
      when: 'the policy was edited to and fro',
      looks: [
        ...thrice,
        found(3 * MINUTE_MS),
        found(4 * MINUTE_MS, { policy: 'report' }),
        found(5 * MINUTE_MS),
      ],
      told: ['repairing'],
    },
    {
      when: 'three repairs lie further apart than an hour',
      looks: [
        found(0, { repairs: true }),
        found(40 * MINUTE_MS, { repairs: true }),
        found(80 * MINUTE_MS, { repairs: true }),
        found(82 * MINUTE_MS),
      ],
      told: ['repairing'],
    },
  ])('when $when', ({ looks, told }) => {
    expect(states(bookAfter(...looks))).toEqual(told);
  });

  test('has the moment it began, until it was gone in between', () => {
    const since = (...looks: readonly Look[]) => deviationsOf(bookAfter(...looks))[0]?.sinceWallMs;
    expect(since(found(5), found(10))).toBe(5);
    expect(since(found(5), gone(7), found(10))).toBe(10);
  });

  test('stays as long as what reads the file was not told of the repair', () => {
    const due = withRepair(bookAfter(found(0)), finding.item, {
      wallMs: 0,
      due: 'restart-kubelet',
    });
    const seen = { findings: [], stays: () => false, policy: 'repair', wallMs: 1 } as const;
    expect(states(nextBook(due, seen))).toEqual(['repairing']);
    expect(states(nextBook(withoutDue(due, finding.item), seen))).toEqual([]);
  });
});

test.each([
  ['at once', [found(0)], 0, true],
  ['not right after a repair', [found(0, { repairs: true })], 29_000, false],
  ['half a minute after a repair', [found(0, { repairs: true })], 30_000, true],
  ['never where it is left alone', [...thrice, found(3 * MINUTE_MS)], 60 * MINUTE_MS, false],
])('a deviation is put back %s', (_when, looks, atMs, may) => {
  const [item] = bookAfter(...looks).items;
  expect(item && mayRepair(item, atMs)).toBe(may);
});

test('a look that finds nothing new leaves the book as it is', () => {
  const book = bookAfter(found(0));
  const seen = { findings: [finding], stays: () => false, policy: 'repair', wallMs: 9 } as const;
  expect(nextBook(book, seen)).toEqual(book);
});

test('what is over is forgotten after an hour, with the next change', () => {
  const book = bookAfter(...thrice);
  expect(pruned(book, 3 * MINUTE_MS).items).toHaveLength(1);
  expect(pruned(book, 63 * MINUTE_MS).items).toEqual([]);
});
