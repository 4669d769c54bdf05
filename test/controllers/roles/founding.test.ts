import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/roles/decide.ts';
import { entry, id, initAssignment, operation, status } from '../../support/controllers-entries.ts';
import { cluster, type NodeInCluster, TERM } from '../../support/controllers-roles.ts';
import { withoutReasons } from '../../support/told-decisions.ts';

function init(number: number, ifRevision = 0) {
  const assignment = initAssignment(number, { term: TERM });
  return [{ type: 'assign', assignment, ifRevision }];
}
function late(number: number): NodeInCluster {
  return { assignment: initAssignment(number), assignedAt: TERM + number };
}
function waits(reason: string, message: string) {
  return [{ type: 'requeue', afterMs: 5_000, waiting: { reason, message } }];
}

const lateFirst = { ...cluster([{}, {}]), firstControlPlane: id(3) };
const deadFirst = cluster([{ verdict: 'dead' }, {}]);

interface Row {
  when: string;
  observed: Observed;
  actions: unknown;
}

describe('roles.decide before there is a control plane', () => {
  test.each<Row>([
    { when: 'the choice of genesis is there', observed: cluster([{}, {}]), actions: init(1) },
    {
      when: 'the choice of genesis is not enrolled yet',
      observed: { ...lateFirst, watchedMs: 29_999 },
      actions: waits(
        'first-control-plane',
        `waiting up to 30 s for the first control plane that genesis chose: ${id(3)} is not enrolled`,
      ),
    },
    { when: 'it has not come for 30 s', observed: lateFirst, actions: init(1) },
    {
      when: 'the choice of genesis is dead',
      observed: { ...deadFirst, watchedMs: 29_999 },
      actions: waits(
        'first-control-plane',
        'waiting up to 30 s for the first control plane that genesis chose: n1 is dead (it said so)',
      ),
    },
    { when: 'it has been dead for 30 s', observed: deadFirst, actions: init(2) },
    {
      when: 'nobody is enrolled',
      observed: cluster([]),
      actions: waits(
        'first-control-plane',
        'no node can be the first control plane: none is enrolled',
      ),
    },
    {
      when: 'nobody will do',
      observed: cluster([{ verdict: 'suspect' }, { status: null }]),
      actions: waits(
        'first-control-plane',
        'no node can be the first control plane: n1 is suspect (it said so), ' +
          'n2 has not reported yet whether its host is ready',
      ),
    },
    {
      when: 'the host of the choice of genesis lacks something',
      observed: {
        ...cluster([
          {
            status: status(1, {
              phase: 'preparing',
              waiting: { reason: 'x', message: 'install containerd', sinceWallMs: 0 },
            }),
          },
        ]),
        watchedMs: 0,
      },
      actions: waits(
        'first-control-plane',
        'waiting up to 30 s for the first control plane that genesis chose: ' +
          'n1 is not ready: install containerd',
      ),
    },
    {
      when: 'a leader that had been deposed gave another node the init',
      observed: cluster([{}, late(2)]),
      actions: init(1),
    },
    {
      when: 'such a leader gave it to the choice of genesis',
      observed: cluster([late(1), {}]),
      actions: init(1, 201),
    },
    {
      when: 'another node has begun an init whose assignment is gone',
      observed: { ...cluster([{}, {}]), operations: [entry('operation', operation(2))] },
      actions: init(2),
    },
    {
      when: 'that node is dead',
      observed: {
        ...cluster([{}, { verdict: 'dead' }]),
        operations: [entry('operation', operation(2))],
      },
      actions: waits(
        'frozen',
        'the only node that may run init is lost: n2 is dead (it said so); ' +
          'bring it back, as a second init could make a second cluster',
      ),
    },
    {
      when: 'a node was given the init that another one has begun',
      observed: {
        ...cluster([{ assignment: initAssignment(1) }, {}]),
        operations: [entry('operation', operation(2))],
      },
      actions: init(2),
    },
    {
      when: 'two nodes were given the init, and neither has begun',
      observed: cluster([{ assignment: initAssignment(1) }, { assignment: initAssignment(2) }]),
      actions: waits(
        'frozen',
        `init was given to ${id(1)} and ${id(2)}: stop civitas on the one without a cluster for good`,
      ),
    },
  ])('when $when', ({ observed, actions }) => {
    expect(withoutReasons(decide(observed))).toEqual(actions);
  });
});

describe('roles.decide without a say', () => {
  const ready = cluster([{}]);

  test.each<{ when: string; observed: Observed }>([
    { when: 'this agent does not lead', observed: { ...ready, term: undefined } },
    { when: 'the copy lacks the entry of its term', observed: { ...ready, leadership: undefined } },
    { when: 'the copy has a later leader', observed: { ...ready, term: TERM - 1 } },
    {
      when: 'a later leader gave a role',
      observed: cluster([{ assignment: initAssignment(1, { term: TERM + 1 }) }]),
    },
    { when: 'the spec is not there', observed: { ...ready, spec: undefined } },
  ])('does nothing when $when', ({ observed }) => {
    expect(decide(observed)).toEqual([]);
  });
});
