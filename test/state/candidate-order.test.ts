import { describe, expect, test } from '@jest/globals';
import { candidateOrder } from '../../src/state/candidate-order.ts';
import type { Node } from '../../src/state/node.ts';
import type { NodeFacts } from '../../src/state/node-facts.ts';
import { obstacles } from '../../src/state/obstacle.ts';
import type { StandBy } from '../../src/state/upkeep.ts';
import { controlPlaneAssignment } from '../support/controllers-entries.ts';
import { facts } from '../support/controllers-facts.ts';

function order(all: readonly NodeFacts[], zones: readonly string[] = []): readonly string[] {
  return candidateOrder(all, obstacles(all), zones).order.map(({ node }) => node.hostname);
}

function withNode(number: number, overrides: Partial<Node>): NodeFacts {
  return facts(number, { node: overrides });
}

function withDisk(number: number, fsyncP99Ms: number, zone = ''): NodeFacts {
  return withNode(number, { zone, capacity: { cpus: 4, memoryMiB: 8_192, fsyncP99Ms } });
}

function withStandBy(
  number: number,
  state: StandBy['state'],
  fsyncP99Ms = 1,
  zone = '',
): NodeFacts {
  const standBy = { operationId: 'stand-by', kubernetesVersion: 'v1.34.4', state, waiting: null };
  return { ...withDisk(number, fsyncP99Ms, zone), standBy };
}

interface Row {
  rule: string;
  all: readonly NodeFacts[];
  zones?: readonly string[];
  expected: readonly string[];
}

describe('candidateOrder', () => {
  test.each<Row>([
    {
      rule: 'equals go by node id',
      all: [facts(3), facts(1), facts(2)],
      expected: ['n1', 'n2', 'n3'],
    },
    {
      rule: 'places go round the zones',
      all: [
        withNode(1, { zone: 'a' }),
        withNode(2, { zone: 'a' }),
        withNode(3, { zone: 'b' }),
        withNode(4, { zone: 'c' }),
        withNode(5, { zone: 'b' }),
      ],
      expected: ['n1', 'n3', 'n4', 'n2', 'n5'],
    },
    {
      rule: 'a zone that has a control plane comes later',
      all: [
        facts(1, { node: { zone: 'a' }, assignment: controlPlaneAssignment(1) }),
        withNode(2, { zone: 'a' }),
        withNode(3, { zone: 'b' }),
      ],
      expected: ['n3', 'n2'],
    },
    {
      rule: 'among empty zones the first named comes first',
      all: [withNode(1, { zone: 'x' }), withNode(2, { zone: 'b' }), withNode(3, { zone: 'a' })],
      zones: ['a', 'b'],
      expected: ['n3', 'n2', 'n1'],
    },
    {
      rule: 'disks come in three classes',
      all: [withDisk(1, 100), withDisk(2, 99), withDisk(3, 10), withDisk(4, 9.9), withDisk(5, 0.1)],
      expected: ['n4', 'n5', 'n2', 'n3', 'n1'],
    },
    {
      rule: 'who is far from the others comes after who is not, and far before remote',
      all: [
        withNode(1, { distance: 'remote' }),
        withNode(2, { distance: 'far' }),
        withNode(3, { distance: 'near' }),
        facts(4),
      ],
      expected: ['n3', 'n4', 'n2', 'n1'],
    },
    {
      rule: 'the disk counts more than the distance, and that more than who is warm',
      all: [
        withDisk(1, 500),
        { ...withStandBy(2, 'warm'), node: withNode(2, { distance: 'far' }).node },
        withDisk(3, 1),
      ],
      expected: ['n3', 'n2', 'n1'],
    },
    {
      rule: 'who has local volumes in use comes after who has none, warm or not',
      all: [
        { ...withStandBy(1, 'warm'), node: withNode(1, { localVolumes: true }).node },
        facts(2),
        withNode(3, { localVolumes: true }),
      ],
      expected: ['n2', 'n1', 'n3'],
    },
    {
      rule: 'disk and distance count more than local volumes',
      all: [
        withDisk(1, 500),
        withNode(2, { distance: 'far' }),
        withNode(3, { localVolumes: true }),
      ],
      expected: ['n3', 'n2', 'n1'],
    },
    {
      rule: 'of equals a warm one comes first, and one that is warming is cold',
      all: [facts(1), withStandBy(2, 'warming'), withStandBy(3, 'warm'), facts(4)],
      expected: ['n3', 'n1', 'n2', 'n4'],
    },
    {
      rule: 'a disk stays slow, and who is cold does not stay so',
      all: [withStandBy(1, 'warm', 500), withDisk(2, 1)],
      expected: ['n2', 'n1'],
    },
    {
      rule: 'the zone counts more than who is warm',
      all: [withDisk(1, 1, 'a'), withStandBy(2, 'warm', 1, 'a'), withDisk(3, 1, 'b')],
      expected: ['n2', 'n3', 'n1'],
    },
    {
      rule: 'the zone counts more than the disk',
      all: [withDisk(1, 1, 'a'), withDisk(2, 1, 'a'), withDisk(3, 500, 'b')],
      expected: ['n1', 'n3', 'n2'],
    },
    {
      rule: 'small machines are the last resort, whatever their zone',
      all: [
        withNode(1, { capacity: { cpus: 1, memoryMiB: 8_192, fsyncP99Ms: 1 }, zone: 'b' }),
        withNode(2, { capacity: { cpus: 8, memoryMiB: 1_699, fsyncP99Ms: 1 }, zone: 'c' }),
        withNode(3, { capacity: { cpus: 2, memoryMiB: 1_700, fsyncP99Ms: 500 }, zone: 'a' }),
        withNode(4, { zone: 'a' }),
      ],
      expected: ['n4', 'n3', 'n1', 'n2'],
    },
    {
      rule: 'the label false is no label',
      all: [withNode(1, { labels: { 'civitas.dev/never-control-plane': 'false' } })],
      expected: ['n1'],
    },
  ])('$rule', ({ all, zones, expected }) => {
    expect(order(all, zones)).toEqual(expected);
  });

  test('says why the others are none', () => {
    const labelled = withNode(2, { labels: { 'civitas.dev/never-control-plane': '' } });
    const dead = facts(3, { liveness: { verdict: 'dead' } });
    const all = [facts(1), labelled, dead];
    expect(candidateOrder(all, obstacles(all), [])).toEqual({
      order: [facts(1)],
      rejected: [
        { node: labelled.node, reason: 'carries the label civitas.dev/never-control-plane=' },
        { node: dead.node, reason: 'is dead (it said so)' },
      ],
    });
  });
});
