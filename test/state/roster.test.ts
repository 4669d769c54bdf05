import { describe, expect, test } from '@jest/globals';
import type { Assignment } from '../../src/state/assignment.ts';
import type { Liveness } from '../../src/state/liveness.ts';
import { isLost, orphanedJoins, rosterOf } from '../../src/state/roster.ts';
import type { Status } from '../../src/state/status.ts';
import {
  assignment,
  controlPlaneAssignment,
  entry,
  id,
  initAssignment,
  liveness,
  node,
  served,
} from '../support/controllers-entries.ts';
import { facts } from '../support/controllers-facts.ts';

interface Log {
  readonly incarnations?: readonly [number, number, number];
  readonly verdicts?: readonly [Liveness['verdict'], Liveness['verdict'], Liveness['verdict']];
  readonly assignments: readonly Assignment[];
  /** Whose agents were not heard for long. */
  readonly mute?: readonly string[];
  readonly statuses?: readonly Status[];
}

/** Three enrolled nodes, all alive unless told otherwise. */
function roster({ incarnations = [1, 1, 1], verdicts, assignments, statuses = [] }: Log) {
  const numbers = [1, 2, 3] as const;
  return rosterOf(
    {
      nodes: numbers.map((n) => entry('node', node(n, { incarnation: incarnations[n - 1] ?? 1 }))),
      livenesses: numbers.map((n) => {
        const incarnation = incarnations[n - 1] ?? 1;
        const verdict = verdicts?.[n - 1] ?? 'alive';
        return entry('liveness', liveness(n, { incarnation, verdict }));
      }),
      assignments: assignments.map((value) => entry('assignment', value)),
      statuses: statuses.map((value) => entry('status', value)),
      departures: [],
      requests: [],
    },
    [],
  );
}

const first = initAssignment(1);
const second = controlPlaneAssignment(2);
const worker = assignment(3);

describe('rosterOf', () => {
  test('tells whole control planes from those in trouble, and joins under way from done', () => {
    const {
      facts: _,
      candidates: __,
      promotable,
      obstacles,
      ...seen
    } = roster({
      assignments: [first, second, worker],
      statuses: [served(first), served(worker)],
    });
    expect(seen).toEqual({
      controlPlanes: [first, second],
      sponsors: [id(1)],
      troubles: ['n2 is joining'],
      free: [],
      joins: [entry('assignment', second)],
      departing: [],
      zones: [],
    });
    expect(promotable.order.map(({ node }) => node.nodeId)).toEqual([id(3)]);
    expect([...obstacles.values()].map(({ reason }) => reason)).toEqual(Array(3).fill('has-role'));
  });
});

describe('orphanedJoins', () => {
  test.each<{ when: string; log: Log; orphans: readonly Assignment[] }>([
    {
      when: 'the sponsor is alive',
      log: { assignments: [first, worker], statuses: [served(first)] },
      orphans: [],
    },
    {
      when: 'the sponsor is only suspect',
      log: { assignments: [first, worker], verdicts: ['suspect', 'alive', 'alive'] },
      orphans: [],
    },
    {
      when: 'the sponsor died',
      log: { assignments: [first, worker], verdicts: ['dead', 'alive', 'alive'] },
      orphans: [worker],
    },
    {
      when: 'the agent of the sponsor was not heard for long',
      log: {
        assignments: [first, worker],
        verdicts: ['suspect', 'alive', 'alive'],
        mute: [id(1)],
      },
      orphans: [worker],
    },
    {
      when: 'the sponsor came back empty',
      log: { assignments: [first, worker], incarnations: [2, 1, 1] },
      orphans: [worker],
    },
    {
      when: 'the sponsor died after the join was done',
      log: {
        assignments: [first, worker],
        statuses: [served(worker)],
        verdicts: ['dead', 'alive', 'alive'],
      },
      orphans: [],
    },
    {
      when: 'the joining node died too',
      log: { assignments: [first, worker], verdicts: ['dead', 'alive', 'dead'] },
      orphans: [],
    },
    {
      when: 'the joining node came back empty',
      log: {
        assignments: [first, worker],
        incarnations: [1, 1, 2],
        verdicts: ['dead', 'alive', 'alive'],
      },
      orphans: [],
    },
    {
      when: 'the joining node is not enrolled',
      log: { assignments: [assignment(4)], verdicts: ['dead', 'alive', 'alive'] },
      orphans: [],
    },
    {
      when: 'the sponsor is not enrolled',
      log: { assignments: [assignment(3, { sponsor: id(4) })] },
      orphans: [],
    },
    {
      when: 'a join has no sponsor',
      log: { assignments: [assignment(3, { sponsor: null })] },
      orphans: [],
    },
  ])('when $when', ({ log, orphans }) => {
    expect(orphanedJoins(roster(log), new Set(log.mute)).map(({ value }) => value)).toEqual(
      orphans,
    );
  });
});

describe('isLost', () => {
  test.each([
    { when: 'nothing is known', of: undefined, lost: false },
    { when: 'the node was not judged', of: facts(1, { liveness: null }), lost: false },
    { when: 'the node is dead', of: facts(1, { liveness: { verdict: 'dead' } }), lost: true },
    {
      when: 'the node came back empty',
      of: facts(1, { node: { incarnation: 2 }, assignment: first }),
      lost: true,
    },
  ])('is $lost when $when', ({ of, lost }) => {
    expect(isLost(of)).toBe(lost);
  });
});
