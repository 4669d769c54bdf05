import { describe, expect, test } from '@jest/globals';
import type { Probe } from '../../src/state/probe.ts';
import { createProbeBook, type ProbeBook } from '../../src/state/probe-book.ts';
import { id, node } from '../support/controllers-entries.ts';

type Step =
  | { readonly atMs: number; readonly ask: readonly number[] }
  | { readonly answer: number; readonly by?: number; readonly incarnation?: number }
  | { readonly atMs: number; readonly does: 'look' | 'excuse' };

/** n1 watches n2 and n3, and has reached both. */
function watching(...steps: readonly Step[]): ProbeBook {
  const book = createProbeBook();
  book.watch([node(2), node(3)]);
  for (const step of [{ answer: 2 }, { answer: 3 }, ...steps]) take(book, step);
  return book;
}

function take(book: ProbeBook, step: Step): void {
  if ('ask' in step) {
    for (const number of step.ask) book.asked(id(number), step.atMs);
  } else if ('answer' in step) {
    const { answer, by = answer, incarnation = 1 } = step;
    book.answered(id(answer), { nodeId: id(by), incarnation });
  } else if (step.does === 'look') book.look(step.atMs);
  else book.excuse(step.atMs);
}

function found(of2: Probe['finding'], of3: Probe['finding']): readonly Probe[] {
  return [
    { nodeId: id(2), incarnation: 1, finding: of2 },
    { nodeId: id(3), incarnation: 1, finding: of3 },
  ];
}

interface Row {
  when: string;
  steps: readonly Step[];
  probes: readonly Probe[];
}

describe('the probe book of one agent', () => {
  test.each<Row>([
    { when: 'all answered', steps: [], probes: found('reached', 'reached') },
    {
      when: 'one owes an answer for less than three seconds',
      steps: [
        { atMs: 0, ask: [2] },
        { atMs: 2_999, does: 'look' },
      ],
      probes: found('reached', 'reached'),
    },
    {
      when: 'one owes an answer for three seconds',
      steps: [
        { atMs: 0, ask: [2] },
        { atMs: 1_000, ask: [2] },
        { atMs: 3_000, does: 'look' },
      ],
      probes: found('silent', 'reached'),
    },
    {
      when: 'it answered late',
      steps: [{ atMs: 0, ask: [2] }, { answer: 2 }, { atMs: 3_000, does: 'look' }],
      probes: found('reached', 'reached'),
    },
    {
      when: 'it came back',
      steps: [{ atMs: 0, ask: [2] }, { atMs: 3_000, does: 'look' }, { answer: 2 }],
      probes: found('reached', 'reached'),
    },
    {
      when: 'the observer stood still in between',
      steps: [
        { atMs: 0, ask: [2, 3] },
        { atMs: 5_000, does: 'excuse' },
        { atMs: 5_000, does: 'look' },
      ],
      probes: found('reached', 'reached'),
    },
    {
      when: 'the observer stood still, and the node is silent all the same',
      steps: [
        { atMs: 0, ask: [2] },
        { atMs: 5_000, does: 'excuse' },
        { atMs: 8_000, does: 'look' },
      ],
      probes: found('silent', 'reached'),
    },
    {
      when: 'nobody is reached any more',
      steps: [
        { atMs: 0, ask: [2, 3] },
        { atMs: 3_000, does: 'look' },
      ],
      probes: [],
    },
    {
      when: 'another node answers in its place',
      steps: [{ answer: 2, by: 7 }],
      probes: found('replaced', 'reached'),
    },
    {
      when: 'another incarnation answers',
      steps: [{ answer: 2, incarnation: 2 }],
      probes: found('replaced', 'reached'),
    },
    {
      when: 'whoever took its place is silent in turn',
      steps: [
        { answer: 2, by: 7 },
        { atMs: 0, ask: [2] },
        { atMs: 9_000, does: 'look' },
      ],
      probes: found('replaced', 'reached'),
    },
  ])('when $when', ({ steps, probes }) => {
    expect(watching(...steps).probes()).toEqual(probes);
  });

  test('tells of the only other node, also when it does not reach it', () => {
    const book = createProbeBook();
    book.watch([node(2)]);
    book.asked(id(2), 0);
    book.look(3_000);
    expect(book.probes()).toEqual([{ nodeId: id(2), incarnation: 1, finding: 'silent' }]);
  });

  test('says nothing of those that did not have time to answer yet', () => {
    const book = createProbeBook();
    book.watch([node(2), node(3)]);
    book.asked(id(2), 0);
    book.look(1_000);
    expect(book.probes()).toEqual([]);
    expect(book.isCalm()).toBe(false);
  });

  test('keeps what it found when it watches others, too, but not of another incarnation', () => {
    const book = watching({ atMs: 0, ask: [2, 3] }, { answer: 3 }, { atMs: 3_000, does: 'look' });
    book.watch([node(2), node(3, { incarnation: 2 }), node(4)]);
    book.answered(id(4), { nodeId: id(4), incarnation: 1 });
    expect(book.probes()).toEqual([
      { nodeId: id(2), incarnation: 1, finding: 'silent' },
      { nodeId: id(4), incarnation: 1, finding: 'reached' },
    ]);
    expect(book.missing()).toEqual([id(2)]);
  });
});
