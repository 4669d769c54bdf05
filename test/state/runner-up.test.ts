import { expect, test } from '@jest/globals';
import { candidateOrder } from '../../src/state/candidate-order.ts';
import type { Node } from '../../src/state/node.ts';
import type { NodeFacts } from '../../src/state/node-facts.ts';
import { obstacles } from '../../src/state/obstacle.ts';
import { whyAfter } from '../../src/state/runner-up.ts';
import { assignment, controlPlaneAssignment } from '../support/controllers-entries.ts';
import { facts } from '../support/controllers-facts.ts';

const NORMAL = { cpus: 4, memoryMiB: 8_192, fsyncP99Ms: 1 };

function having(number: number, capacity: Partial<Node['capacity']>, zone = ''): NodeFacts {
  return facts(number, { node: { capacity: { ...NORMAL, ...capacity }, zone } });
}

function warm(number: number): NodeFacts {
  const standBy = { operationId: 'stand-by', kubernetesVersion: 'v1.34.4', waiting: null };
  return { ...having(number, {}), standBy: { ...standBy, state: 'warm' } };
}

const planeIn = (number: number, zone: string) =>
  facts(number, { node: { zone }, assignment: controlPlaneAssignment(number) });

interface Row {
  readonly chosen: NodeFacts;
  readonly other: NodeFacts;
  readonly besides?: readonly NodeFacts[];
  readonly zones?: readonly string[];
  readonly why: string;
}

test.each<Row>([
  {
    chosen: having(2, {}),
    other: having(1, { cpus: 1 }),
    why: 'has 1 CPU and 8192 MiB, and a control plane wants 2 and 1700',
  },
  {
    chosen: having(3, { fsyncP99Ms: 500 }, 'b'),
    other: having(2, {}, 'a'),
    besides: [planeIn(1, 'a')],
    why: 'is in zone a with 1 of the control planes, and zone b has 0',
  },
  {
    chosen: having(3, { fsyncP99Ms: 500 }, 'b'),
    other: having(2, {}),
    zones: ['b'],
    why: 'is in no zone, and the spec names zone b before it (zones)',
  },
  {
    chosen: having(3, { fsyncP99Ms: 9 }),
    other: { ...warm(2), node: having(2, { fsyncP99Ms: 11 }).node },
    why: 'has the slower disk (fsync 11 ms, n3 9 ms)',
  },
  {
    chosen: having(3, {}),
    other: { ...warm(2), node: { ...having(2, {}).node, distance: 'far' } },
    why: 'is farther from the others by its round trips (far, n3 near)',
  },
  {
    chosen: having(3, {}),
    other: { ...warm(2), node: { ...having(2, {}).node, localVolumes: true } },
    why: 'has pods that use local volumes, and n3 has none',
  },
  { chosen: warm(3), other: having(2, {}), why: 'is not warm, and n3 is' },
  {
    chosen: having(2, { fsyncP99Ms: 9 }),
    other: having(3, {}),
    why: 'is as good as n2, and has the higher node id',
  },
])('a runner-up $why', ({ chosen, other, besides = [], zones = [], why }) => {
  const all = [other, chosen, ...besides];
  const { order } = candidateOrder(all, obstacles(all), zones);
  expect(order).toEqual([chosen, other]);
  const roster = { facts: new Map(all.map((each) => [each.node.nodeId, each])), zones };
  expect(whyAfter(chosen, other, roster)).toBe(why);
});

test.each([
  {
    chosen: facts(3),
    other: facts(2, { assignment: assignment(2) }),
    why: 'is a worker, and n3 has no pods to disturb',
  },
  {
    chosen: facts(3, { assignment: assignment(3) }),
    other: facts(2),
    why: 'would have to join, and nobody joins while control planes differ in their release',
  },
])('between workers and others it counts who has pods: $why', ({ chosen, other, why }) => {
  expect(whyAfter(chosen, other, { facts: new Map(), zones: [] })).toBe(why);
});
