import { describe, expect, test } from '@jest/globals';
import { statesOf } from '../../../src/simulation/search/cluster-states.ts';
import type { TraceEntry } from '../../../src/simulation/trace/entry.ts';
import { assigns, at, ends, quorum, starts, world } from '../checker/entries.ts';

function states(...entries: readonly TraceEntry[]): ReadonlySet<number> {
  return statesOf({ header: { seed: 1, expectedNodes: 3, canaries: [] }, entries });
}

describe('the states that a run came to', () => {
  test.each<{ what: string; entries: readonly TraceEntry[]; count: number }>([
    { what: 'nothing happens', entries: [], count: 0 },
    { what: 'an agent runs, and two do', entries: starts(1, 'n1', 'n2'), count: 2 },
    { what: 'it ends', entries: [...starts(1, 'n1'), ends(2, 'n1')], count: 2 },
    { what: 'it gets a task', entries: [...starts(1, 'n1'), assigns(2, 'n1', 'init')], count: 2 },
    {
      what: 'it leads',
      entries: [...starts(1, 'n1'), at(2, 'n1', { type: 'agent.leads', term: 1 })],
      count: 2,
    },
    { what: 'the log works', entries: [...starts(1, 'n1'), quorum(2, true, 'n1')], count: 2 },
    {
      what: 'a file is written',
      entries: [...starts(1, 'n1'), world(2, 'n1', 'file.written')],
      count: 1,
    },
  ])('are $count when $what', ({ entries, count }) => {
    expect(states(...entries).size).toBe(count);
  });

  test('are the same whichever machine it was, and at whatever time', () => {
    const first = states(...starts(1, 'n1', 'n2'), assigns(2, 'n1', 'init'), ends(3, 'n2'));
    const second = states(...starts(4, 'n1', 'n2'), assigns(5, 'n2', 'init'), ends(9, 'n1'));
    expect(second).toEqual(first);
  });

  test('are told again by nobody who came back to one', () => {
    const once = states(...starts(1, 'n1', 'n2'), ends(2, 'n2'));
    const again = states(
      ...starts(1, 'n1', 'n2'),
      ends(2, 'n2'),
      ...starts(3, 'n2'),
      ends(4, 'n2'),
    );
    expect(again).toEqual(once);
  });
});
