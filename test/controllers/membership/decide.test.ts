import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/membership/decide.ts';
import type { Liveness } from '../../../src/state/liveness.ts';
import { entry, id, liveness, node } from '../../support/controllers-entries.ts';

const LOOK_AGAIN = { type: 'requeue', afterMs: 2_000 };

/** n1 leads in term 7 and looks at n2, of which it has heard nothing. */
const quiet: Observed = {
  self: id(1),
  term: 7,
  watchedMs: 60_000,
  nodes: [node(2)],
  leases: [],
  livenesses: [],
};
const lease = (ageMs: number, incarnation = 1) => [{ nodeId: id(2), incarnation, ageMs }];
const stands = (verdict: Liveness['verdict'], incarnation = 1) => [
  entry('liveness', liveness(2, { verdict, incarnation }), 4),
];

function judge(verdict: Liveness['verdict'], evidence: string, ifRevision = 0, incarnation = 1) {
  const judged = { nodeId: id(2), incarnation, verdict, evidence };
  return { type: 'judge', term: 7, liveness: judged, ifRevision };
}

interface Row {
  when: string;
  observed: Partial<Observed>;
  actions: readonly unknown[];
}

describe('membership.decide', () => {
  test.each<Row>([
    {
      when: 'a newcomer beats',
      observed: { leases: lease(3_400) },
      actions: [judge('alive', 'its lease was last renewed 3 s ago')],
    },
    {
      when: 'the verdict stands',
      observed: { leases: lease(9_000), livenesses: stands('alive') },
      actions: [],
    },
    {
      when: 'two beats are missed',
      observed: { leases: lease(20_000), livenesses: stands('alive') },
      actions: [judge('suspect', 'its lease was last renewed 20 s ago', 4)],
    },
    {
      when: 'the lease ran out',
      observed: { leases: lease(30_000), livenesses: stands('suspect') },
      actions: [judge('dead', 'its lease was last renewed 30 s ago', 4)],
    },
    {
      when: 'a dead node beats again',
      observed: { leases: lease(0), livenesses: stands('dead') },
      actions: [judge('alive', 'its lease was last renewed 0 s ago', 4)],
    },
    {
      when: 'the log failed over 25 s ago',
      observed: { leases: lease(90_000), livenesses: stands('alive'), watchedMs: 25_000 },
      actions: [judge('suspect', 'its lease was last renewed 90 s ago', 4)],
    },
    {
      when: 'the leader has just begun to listen',
      observed: { leases: lease(90_000), livenesses: stands('alive'), watchedMs: 0 },
      actions: [],
    },
    {
      when: 'a node is not heard of for a while',
      observed: { livenesses: stands('alive'), watchedMs: 19_000 },
      actions: [],
    },
    {
      when: 'a node is never heard of',
      observed: { watchedMs: 31_000 },
      actions: [judge('dead', 'no lease was seen in the 31 s that the leader has watched')],
    },
    {
      when: 'only an earlier incarnation is heard of',
      observed: { nodes: [node(2, { incarnation: 2 })], leases: lease(0), watchedMs: 5_000 },
      actions: [],
    },
    {
      when: 'the verdict is on an earlier incarnation',
      observed: {
        nodes: [node(2, { incarnation: 2 })],
        leases: lease(0, 2),
        livenesses: stands('alive', 1),
      },
      actions: [judge('alive', 'its lease was last renewed 0 s ago', 4, 2)],
    },
    {
      when: 'the leader looks at itself',
      observed: { self: id(2), watchedMs: 0 },
      actions: [judge('alive', 'it holds the leader lease')],
    },
  ])('when $when', ({ observed, actions }) => {
    expect(decide({ ...quiet, ...observed })).toEqual([...actions, LOOK_AGAIN]);
  });

  test('judges nobody without leading', () => {
    expect(decide({ ...quiet, term: undefined, leases: lease(0) })).toEqual([]);
  });
});
