import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/roles/decide.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import {
  assignment,
  controlPlaneAssignment,
  entry,
  id,
  initAssignment,
  served,
  status,
} from '../../support/controllers-entries.ts';
import { cluster, type NodeInCluster } from '../../support/controllers-roles.ts';
import { told } from '../../support/told-decisions.ts';

const done = (asked: Assignment): NodeInCluster => ({ assignment: asked, status: served(asked) });
const first = done(initAssignment(1));
const plane = (number: number) => done(controlPlaneAssignment(number));
const worker = (number: number) => done(assignment(number));
const zoned = (each: NodeInCluster, zone: string): NodeInCluster => ({ ...each, node: { zone } });
const spare = (number: number) =>
  done(
    assignment(number, {
      operationId: `stand-by-${id(number)}-1`,
      role: 'spare',
      task: 'stand-by',
      sponsor: null,
    }),
  );

function asked(observed: Observed, ...numbers: readonly number[]): Observed {
  const requests = numbers.map((number) =>
    entry('request', { type: 'leave', nodeId: id(number), incarnation: 1, askedWallMs: 0 }),
  );
  return { ...observed, requests };
}

const demoting: NodeInCluster = {
  assignment: assignment(5, {
    operationId: `demote-${id(5)}-1`,
    task: 'demote',
    role: 'worker',
    sponsor: id(1),
  }),
  status: served(controlPlaneAssignment(5)),
};
const [n1, n2, n3, n4, n5] = [first, plane(2), plane(3), plane(4), plane(5)];

describe('what is more than wanted', () => {
  test.each<{ when: string; observed: Observed; decided: readonly string[] }>([
    {
      when: 'the newest of five control planes becomes a worker where three are wanted',
      observed: cluster([n1, n2, n3, n4, n5], { controlPlanes: 3 }),
      decided: ['demote n5 by n1'],
    },
    {
      when: 'the one in the fullest zone goes first',
      observed: cluster([
        zoned(n1, 'a'),
        zoned(n2, 'b'),
        zoned(n3, 'b'),
        zoned(n4, 'c'),
        zoned(n5, 'd'),
      ]),
      decided: ['demote n3 by n1'],
    },
    {
      when: 'one that people asked to stay goes last',
      observed: {
        ...cluster([n1, n2, n3, n4, n5], { controlPlanes: 3 }),
        requests: [
          entry('request', { type: 'stay', nodeId: id(5), incarnation: 1, askedWallMs: 0 }),
        ],
      },
      decided: ['demote n4 by n1'],
    },
    {
      when: 'the next one waits until the first is done with',
      observed: cluster([n1, n2, n3, n4, demoting]),
      decided: ['waits for one-change'],
    },
    {
      when: 'the next one follows as soon as the cluster is done with the first',
      observed: {
        ...cluster([n1, n2, n3, n4, demoting]),
        departures: [
          entry('departure', {
            nodeId: id(5),
            incarnation: 1,
            operationId: `demote-${id(5)}-1`,
            by: id(1),
            state: 'done',
            waiting: null,
          }),
        ],
      },
      decided: ['demote n4 by n1'],
    },
    {
      when: 'three control planes become one by way of two',
      observed: cluster([n1, n2, n3], { controlPlanes: 1 }),
      decided: ['demote n3 by n1'],
    },
    {
      when: 'two become one',
      observed: cluster([n1, n2, worker(3)], { controlPlanes: 1 }),
      decided: ['demote n2 by n1'],
    },
    {
      when: 'three are made of one, with workers for the others',
      observed: cluster([n1, worker(2), worker(3)], { controlPlanes: 3 }),
      decided: ['promote n2 by n1'],
    },
    {
      when: 'two are not made of one where there is no third',
      observed: cluster([n1, worker(2)], { controlPlanes: 3 }),
      decided: ['waits for more-nodes'],
    },
    {
      when: 'the newest worker becomes a spare where size is smaller',
      observed: cluster([n1, n2, n3, worker(4), worker(5)], { size: 4 }),
      decided: ['retire n5 by n1'],
    },
    {
      when: 'a worker that is not Ready goes before one that is',
      observed: cluster(
        [
          n1,
          n2,
          n3,
          {
            assignment: assignment(4),
            status: { ...served(assignment(4)), kubernetes: status(4).kubernetes },
          },
          worker(5),
        ],
        { size: 4 },
      ),
      decided: ['retire n4 by n1'],
    },
    {
      when: 'a worker that was asked to leave goes',
      observed: asked(cluster([n1, n2, n3, worker(4), worker(5)]), 4),
      decided: ['retire n4 by n1'],
    },
    {
      when: 'one worker leaves at a time',
      observed: asked(
        cluster([
          n1,
          n2,
          n3,
          {
            assignment: assignment(4, { operationId: 'retire-1', task: 'retire', role: 'spare' }),
            status: served(assignment(4)),
          },
          worker(5),
        ]),
        4,
        5,
      ),
      decided: [],
    },
    {
      when: 'a control plane that was asked to leave is replaced first',
      observed: asked(cluster([n1, n2, n3, worker(4)]), 3),
      decided: ['promote n4 by n1', 'waits for no-replacement'],
    },
    {
      when: 'a control plane that was asked to leave goes once it is replaced',
      observed: asked(cluster([n1, n2, n3, n4]), 3),
      decided: ['retire n3 by n1'],
    },
    {
      when: 'a control plane that nobody can replace stays, and says so',
      observed: asked(cluster([n1, n2, n3]), 3),
      decided: ['waits for no-replacement'],
    },
    {
      when: 'a control plane that is not whole and was asked to leave goes first, as nobody can join beside it',
      observed: asked(
        cluster([
          n1,
          n2,
          {
            assignment: controlPlaneAssignment(3),
            status: {
              ...served(controlPlaneAssignment(3)),
              kubernetes: {
                ...served(controlPlaneAssignment(3)).kubernetes,
                apiServerReady: false,
              },
            },
          },
          worker(4),
        ]),
        3,
      ),
      decided: ['retire n3 by n1', 'waits for control-plane'],
    },
    {
      when: 'a spare that was asked to leave gets no role',
      observed: asked(cluster([n1, n2, n3, spare(4)], { size: 4 }), 4),
      decided: [],
    },
    {
      when: 'nobody sees to its own departure',
      observed: asked(cluster([n1, n2, n3, n4]), 1),
      decided: ['retire n1 by n2'],
    },
  ])('$when', ({ observed, decided }) => {
    expect(told(decide(observed))).toEqual(decided);
  });
});
