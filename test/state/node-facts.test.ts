import { describe, expect, test } from '@jest/globals';
import { describeLiveness, isAlive, nodeFacts } from '../../src/state/node-facts.ts';
import { assignment, entry, id, liveness, node, status } from '../support/controllers-entries.ts';

describe('nodeFacts', () => {
  test('bring together what the log says of a node', () => {
    const facts = nodeFacts({
      nodes: [entry('node', node(1), 3)],
      livenesses: [entry('liveness', liveness(1)), entry('liveness', liveness(2))],
      statuses: [entry('status', status(1))],
      assignments: [entry('assignment', assignment(1), 8)],
      departures: [],
      requests: [],
    });
    expect([...facts]).toEqual([
      [
        id(1),
        {
          node: node(1),
          revision: 3,
          liveness: liveness(1),
          status: status(1),
          assignment: entry('assignment', assignment(1), 8),
          departed: false,
          leaving: false,
        },
      ],
    ]);
  });

  test('leave out what an earlier incarnation said, but not what it was asked', () => {
    const facts = nodeFacts({
      nodes: [entry('node', node(1, { incarnation: 2 }))],
      livenesses: [entry('liveness', liveness(1))],
      statuses: [entry('status', status(1))],
      assignments: [entry('assignment', assignment(1))],
      departures: [],
      requests: [],
    });
    expect(facts.get(id(1))).toEqual({
      node: node(1, { incarnation: 2 }),
      revision: 1,
      liveness: undefined,
      status: undefined,
      assignment: entry('assignment', assignment(1)),
      departed: false,
      leaving: false,
    });
  });
});

describe('liveness in facts', () => {
  test.each([
    { liveness: undefined, alive: false, words: 'not judged yet' },
    { liveness: liveness(1), alive: true, words: 'alive (it said so)' },
    { liveness: liveness(1, { verdict: 'suspect' }), alive: false, words: 'suspect (it said so)' },
  ])('reads $words', ({ liveness, alive, words }) => {
    const facts = {
      node: node(1),
      revision: 1,
      liveness,
      status: undefined,
      assignment: undefined,
      departed: false,
      leaving: false,
    };
    expect([isAlive(facts), describeLiveness(facts)]).toEqual([alive, words]);
  });
});
