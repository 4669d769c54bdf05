import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/membership/decide.ts';
import type { Liveness } from '../../../src/state/liveness.ts';
import type { Probe } from '../../../src/state/probe.ts';
import { entry, id, liveness, node } from '../../support/controllers-entries.ts';

/** n1 leads in term 7, n3 beats, and of n2 neither has heard anything. */
const quiet: Observed = {
  self: id(1),
  term: 7,
  watchedMs: 60_000,
  knownForMs: knownFor(60_000),
  nodes: [node(1), node(2), node(3)],
  leases: [lease(0, 1, 3)],
  reports: [],
  distrusted: new Map(),
  livenesses: [1, 3].map((number) => entry('liveness', liveness(number), 3)),
};

/** n2 for so long, the others for long. */
function knownFor(newcomerMs: number): Observed['knownForMs'] {
  return new Map([1, 2, 3].map((number) => [id(number), number === 2 ? newcomerMs : 60_000]));
}

function lease(ageMs: number, incarnation = 1, number = 2) {
  return { nodeId: id(number), incarnation, ageMs };
}

/** Of n2. */
function report(observer: number, finding: Probe['finding'], incarnation = 1) {
  return { observer: id(observer), probes: [{ nodeId: id(2), incarnation, finding }] };
}

function judge(verdict: Liveness['verdict'], evidence: string, ifRevision = 0, incarnation = 1) {
  const judged = { nodeId: id(2), incarnation, verdict, evidence };
  return { type: 'judge', term: 7, liveness: judged, ifRevision };
}

interface Row {
  when: string;
  leases?: Observed['leases'];
  reports?: Observed['reports'];
  /** Of n2. */
  stands?: Partial<Liveness>;
  observed?: Partial<Observed>;
  actions: readonly unknown[];
  lookAgainMs?: number;
}

const bothMiss = [report(1, 'silent'), report(3, 'silent')];

describe('membership.decide', () => {
  test.each<Row>([
    {
      when: 'a newcomer beats',
      leases: [lease(3_400)],
      actions: [judge('alive', 'its lease was last renewed 3 s ago')],
    },
    {
      when: 'the verdicts on all stand',
      leases: [lease(9_000)],
      stands: {},
      reports: [report(1, 'reached'), report(3, 'reached')],
      actions: [],
      lookAgainMs: 5_000,
    },
    {
      when: 'two others miss it within seconds',
      leases: [lease(9_000)],
      stands: {},
      reports: bothMiss,
      actions: [
        judge('suspect', 'its lease was last renewed 9 s ago; n1 and n3 did not reach it', 4),
      ],
    },
    {
      when: 'one of two others misses it',
      leases: [lease(9_000)],
      stands: {},
      reports: [report(1, 'silent'), report(3, 'reached')],
      actions: [],
    },
    {
      when: 'one misses it, and so does somebody who is not enrolled',
      leases: [lease(9_000)],
      stands: {},
      reports: [report(1, 'silent'), report(9, 'silent')],
      actions: [],
    },
    {
      when: 'two beats are missed',
      leases: [lease(20_000)],
      stands: {},
      actions: [judge('suspect', 'its lease was last renewed 20 s ago', 4)],
    },
    {
      when: 'the lease ran out, and two others miss it',
      leases: [lease(30_000)],
      stands: { verdict: 'suspect' },
      reports: bothMiss,
      actions: [
        judge('dead', 'its lease was last renewed 30 s ago; n1 and n3 did not reach it', 4),
      ],
    },
    {
      when: 'the lease ran out, and the other one reaches it',
      leases: [lease(30_000)],
      stands: { verdict: 'suspect' },
      reports: [report(1, 'silent'), report(3, 'reached')],
      actions: [],
    },
    {
      when: 'the lease ran out, only the leader looked, and the other one lives',
      leases: [lease(30_000)],
      stands: { verdict: 'suspect' },
      reports: [report(1, 'silent')],
      actions: [],
    },
    {
      when: 'the lease ran out, only the leader looked, and nobody else lives',
      stands: { verdict: 'suspect' },
      reports: [report(1, 'silent')],
      observed: { leases: [lease(30_000)], nodes: [node(1), node(2)] },
      actions: [judge('dead', 'its lease was last renewed 30 s ago; n1 did not reach it', 4)],
    },
    {
      when: 'a dead node beats again',
      leases: [lease(0)],
      stands: { verdict: 'dead' },
      actions: [judge('alive', 'its lease was last renewed 0 s ago', 4)],
    },
    {
      when: 'a dead node beats again, after it came back too often',
      leases: [lease(0)],
      stands: { verdict: 'dead' },
      observed: { distrusted: new Map([[id(2), { times: 4, forMs: 60_000 }]]) },
      actions: [
        judge(
          'suspect',
          'its lease was last renewed 0 s ago; it came back 4 times in ten minutes',
          4,
        ),
      ],
    },
    {
      when: 'the log failed over 25 s ago',
      leases: [lease(90_000)],
      stands: {},
      reports: bothMiss,
      observed: { watchedMs: 25_000 },
      actions: [
        judge('suspect', 'its lease was last renewed 90 s ago; n1 and n3 did not reach it', 4),
      ],
    },
    {
      when: 'the leader has just begun to listen',
      leases: [lease(90_000)],
      stands: {},
      observed: { watchedMs: 0 },
      actions: [],
    },
    {
      when: 'a node is not heard of for a while',
      stands: {},
      observed: { watchedMs: 19_000 },
      actions: [],
    },
    {
      when: 'a node is never heard of, and nobody reaches it',
      reports: bothMiss,
      observed: { watchedMs: 31_000 },
      actions: [
        judge(
          'dead',
          'no lease was seen in the 31 s that the leader has watched; n1 and n3 did not reach it',
        ),
      ],
    },
    {
      when: 'a newcomer has not beaten yet',
      observed: { knownForMs: knownFor(1_000) },
      actions: [],
    },
    {
      when: 'a newcomer has not beaten yet, and two others miss it',
      reports: bothMiss,
      observed: { knownForMs: knownFor(5_000) },
      actions: [
        judge(
          'suspect',
          'no lease was seen in the 5 s that the leader has watched; n1 and n3 did not reach it',
        ),
      ],
    },
    {
      when: 'the lease ran out, only the leader looked, and the other one is a newcomer',
      reports: [report(1, 'silent')],
      observed: {
        leases: [lease(30_000)],
        knownForMs: new Map([...knownFor(60_000), [id(3), 1_000]]),
        livenesses: [
          entry('liveness', liveness(1), 3),
          entry('liveness', liveness(2, { verdict: 'suspect' }), 4),
        ],
      },
      actions: [],
    },
    {
      when: 'a newcomer is not heard of for two beats',
      observed: { knownForMs: knownFor(20_000) },
      actions: [judge('suspect', 'no lease was seen in the 20 s that the leader has watched')],
    },
    {
      when: 'a newcomer is never heard of, and nobody reaches it',
      reports: bothMiss,
      observed: { knownForMs: knownFor(30_000) },
      actions: [
        judge(
          'dead',
          'no lease was seen in the 30 s that the leader has watched; n1 and n3 did not reach it',
        ),
      ],
    },
    {
      when: 'only an earlier incarnation is heard of, and was missed',
      leases: [lease(0)],
      reports: bothMiss,
      observed: { nodes: [node(1), node(2, { incarnation: 2 }), node(3)], watchedMs: 5_000 },
      actions: [],
    },
    {
      when: 'the verdict is on an earlier incarnation',
      leases: [lease(0, 2)],
      stands: { incarnation: 1 },
      observed: { nodes: [node(1), node(2, { incarnation: 2 }), node(3)] },
      actions: [judge('alive', 'its lease was last renewed 0 s ago', 4, 2)],
    },
    {
      when: 'the leader looks at itself',
      observed: { self: id(2), watchedMs: 0 },
      actions: [judge('alive', 'it holds the leader lease')],
    },
  ])('when $when', (row) => {
    const { leases = [], reports = [], stands, observed, actions, lookAgainMs = 2_000 } = row;
    const standing = stands ? [entry('liveness', liveness(2, stands), 4)] : [];
    const all: Observed = {
      ...quiet,
      leases: [...quiet.leases, ...leases],
      reports,
      livenesses: [...quiet.livenesses, ...standing],
      ...observed,
    };
    expect(decide(all)).toEqual([...actions, { type: 'requeue', afterMs: lookAgainMs }]);
  });

  test('judges nobody without leading', () => {
    expect(decide({ ...quiet, term: undefined, leases: [lease(0)] })).toEqual([]);
  });
});
