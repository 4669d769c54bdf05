import { describe, expect, test } from '@jest/globals';
import { decide, type Observed } from '../../../src/controllers/roles/decide.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import type { Entry } from '../../../src/state/kinds.ts';
import type { OrderTask } from '../../../src/state/order.ts';
import type { Release } from '../../../src/state/release.ts';
import {
  assignment,
  controlPlaneAssignment,
  entry,
  id,
  initAssignment,
  served,
} from '../../support/controllers-entries.ts';
import { cluster, type NodeInCluster, TERM } from '../../support/controllers-roles.ts';
import { told } from '../../support/told-decisions.ts';

const PLAN = 'upgrade-v1-34-4-9';
const done = (asked: Assignment): NodeInCluster => ({ assignment: asked, status: served(asked) });
const [first, second, third] = [
  done(initAssignment(1)),
  done(controlPlaneAssignment(2)),
  done(controlPlaneAssignment(3)),
];
const worker = (number: number) => done(assignment(number));
const dead = (each: NodeInCluster): NodeInCluster => ({ ...each, verdict: 'dead' });
const free: NodeInCluster = {};
const upgrading: Release = {
  term: TERM,
  controlPlane: 'v1.34.4',
  kubelet: 'v1.33.13',
  heldBy: PLAN,
};
const upgraded: Release = { ...upgrading, heldBy: null };

function order(number: number, task: OrderTask): Entry<'order'> {
  return entry('order', {
    nodeId: id(number),
    incarnation: 1,
    term: TERM,
    operationId: `${task}-${id(number)}-1`,
    task,
    planId: PLAN,
    kubernetesVersion: 'v1.34.4',
    first: false,
    drains: false,
    sponsor: null,
  });
}

function lostThird(orders: readonly Entry<'order'>[]): Observed {
  const nodes = [first, second, dead(third), worker(4)];
  return { ...cluster(nodes), orders, deadForMs: new Map([[id(3), 3_600_000]]) };
}

describe('roles beside a rollout', () => {
  test('nobody joins while control planes differ in their release', () => {
    const observed = { ...cluster([first, second, third, free]), release: upgrading };
    expect(decide(observed)).toEqual([
      {
        type: 'requeue',
        afterMs: 5_000,
        waiting: {
          reason: 'rollout',
          message: `newcomers join once all control planes run the same release: ${PLAN} is under way`,
        },
      },
    ]);
  });

  test('a newcomer gets the control plane of the cluster, and a kubelet that all of it may serve', () => {
    const observed = { ...cluster([first, second, third, free]), release: upgraded };
    const given = decide(observed).flatMap((each) => (each.type === 'assign' ? [each] : []));
    expect(given.map(({ assignment: { operationId: _, ...asked } }) => asked)).toEqual([
      {
        nodeId: id(4),
        incarnation: 1,
        term: TERM,
        role: 'worker',
        task: 'join-worker',
        sponsor: id(1),
        kubernetesVersion: 'v1.34.4',
        kubeletVersion: 'v1.33.13',
      },
    ]);
  });

  test('a worker takes the place of a lost control plane while newcomers wait', () => {
    const [gone, planes] = [{ ...third, verdict: 'dead' } as const, [first, second]];
    const retired = assignment(3, {
      operationId: `retire-${id(3)}-1`,
      role: 'spare',
      task: 'retire',
    });
    const nodes = [...planes, { ...gone, assignment: retired }, worker(4), free];
    const departures = [
      entry('departure', {
        nodeId: id(3),
        incarnation: 1,
        operationId: retired.operationId,
        by: id(1),
        state: 'done',
        waiting: null,
      }),
    ];
    expect(told(decide({ ...cluster(nodes), departures, release: upgrading }))).toContain(
      'promote n4 by n1',
    );
  });

  const rows: readonly { readonly orders: readonly Entry<'order'>[]; readonly retires: boolean }[] =
    [
      { orders: [], retires: true },
      { orders: [order(2, 'upgrade-control-plane')], retires: false },
      { orders: [order(2, 'prepare')], retires: true },
      { orders: [order(3, 'upgrade-control-plane')], retires: true },
    ];
  test.each(rows)('a lost control plane makes room unless another one is out of service', (row) => {
    const retires = decide(lostThird(row.orders)).some(
      (each) => each.type === 'assign' && each.assignment.task === 'retire',
    );
    expect(retires).toBe(row.retires);
  });

  test('a lost control plane keeps its place while another one mends what was changed by hand', () => {
    const drifts = [
      entry('drift', {
        nodeId: id(2),
        incarnation: 1,
        deviations: [
          {
            item: 'manifest:kube-apiserver',
            message: 'it differs',
            state: 'repairing',
            sinceWallMs: 0,
          },
        ],
      }),
    ];
    expect(told(decide({ ...lostThird([]), drifts }))).toEqual(['waits for one-change']);
  });

  test('a worker that is asked to leave waits until no node is out of service', () => {
    const request = entry('request', {
      type: 'leave',
      nodeId: id(5),
      incarnation: 1,
      askedWallMs: 0,
    });
    const observed = {
      ...cluster([first, second, third, worker(4), worker(5)]),
      requests: [request],
    };
    const retiring = (orders: readonly Entry<'order'>[]) =>
      decide({ ...observed, orders }).filter(({ type }) => type === 'assign').length;
    expect([retiring([order(4, 'upgrade-kubelet')]), retiring([])]).toEqual([0, 1]);
  });

  test('a node that people drained is not promoted', () => {
    const nodes = [first, second, dead(third), worker(4), worker(5)];
    const retired = assignment(3, {
      operationId: `retire-${id(3)}-1`,
      role: 'spare',
      task: 'retire',
    });
    const withoutThird = nodes.map((each, at) =>
      at === 2 ? { ...each, assignment: retired } : each,
    );
    const departures = [
      entry('departure', {
        nodeId: id(3),
        incarnation: 1,
        operationId: retired.operationId,
        by: id(1),
        state: 'done',
        waiting: null,
      }),
    ];
    const orders = [order(4, 'drain')];
    expect(told(decide({ ...cluster(withoutThird), departures, orders }))).toContain(
      'promote n5 by n1',
    );
  });
});
