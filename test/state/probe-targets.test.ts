import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Node } from '../../src/state/node.ts';
import type { NodeId } from '../../src/state/node-id.ts';
import { probeTargets } from '../../src/state/probe-targets.ts';
import { id, node } from '../support/controllers-entries.ts';

const nodes = (count: number): readonly Node[] =>
  Array.from({ length: count }, (_, index) => node(index + 1));
const idsOf = (targets: readonly Node[]): readonly NodeId[] => targets.map(({ nodeId }) => nodeId);
const nobody = { dead: new Set<NodeId>(), kept: new Set<NodeId>() };

describe('whom an agent asks', () => {
  test.each([
    { self: 1, count: 1, asks: [] },
    { self: 1, count: 2, asks: [2] },
    { self: 2, count: 3, asks: [3, 1] },
    { self: 4, count: 5, asks: [5, 1, 2, 3] },
    { self: 24, count: 26, asks: [25, 26, 1, 2] },
  ])('node $self of $count', ({ self, count, asks }) => {
    expect(idsOf(probeTargets({ self: id(self), nodes: nodes(count), ...nobody }))).toEqual(
      asks.map(id),
    );
  });

  test('steps over the dead, but for those it keeps an eye on', () => {
    const dead = new Set([id(2), id(3)]);
    const targets = probeTargets({ self: id(1), nodes: nodes(8), dead, kept: new Set([id(3)]) });
    expect(idsOf(targets)).toEqual([4, 5, 6, 7, 3].map(id));
  });

  test('everybody that lives is watched by two others that live, or by all of them', () => {
    const cluster = fc
      .integer({ min: 1, max: 26 })
      .chain((count) => fc.tuple(fc.constant(count), fc.subarray(nodes(count).slice())));
    fc.assert(
      fc.property(cluster, ([count, deadNodes]) => {
        const all = nodes(count);
        const dead = new Set(idsOf(deadNodes));
        const living = all.filter(({ nodeId }) => !dead.has(nodeId));
        for (const { nodeId } of living) {
          const watchers = living.filter((other) => {
            const targets = probeTargets({
              self: other.nodeId,
              nodes: all,
              dead,
              kept: nobody.kept,
            });
            return idsOf(targets).includes(nodeId);
          });
          expect(watchers.length).toBeGreaterThanOrEqual(Math.min(2, living.length - 1));
        }
      }),
    );
  });
});
