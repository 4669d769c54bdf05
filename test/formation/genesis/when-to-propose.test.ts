import { describe, expect, test } from '@jest/globals';
import { genesisConfig } from './genesis-config.ts';
import { live, type Moment, meets, peer } from './one-node.ts';

interface Row {
  readonly when: string;
  readonly nodeId: string;
  readonly expectedNodes: number;
  readonly moments: readonly Moment[];
  readonly firstMs: number;
}

const FOREVER_MS = 10_000;

/** When, in ticks of 100 ms, the node opens its first ballot. */
function opensAtMs({ nodeId, expectedNodes, moments }: Row): number {
  for (let atMs = 0; atMs < FOREVER_MS; atMs += 100) {
    const ticks = Array.from({ length: atMs / 100 + 1 }, (_, index): Moment => {
      return { type: 'tick', atMs: index * 100 };
    });
    const past = moments.filter((moment) => (moment.atMs ?? 0) <= atMs);
    const inOrder = [...past, ...ticks].sort((left, right) => (left.atMs ?? 0) - (right.atMs ?? 0));
    const { effects } = live(genesisConfig(nodeId, expectedNodes), inOrder);
    if (effects.some(({ type }) => type === 'persist')) return atMs;
  }
  return FOREVER_MS;
}

describe('a node opens its first ballot', () => {
  test.each<Row>([
    {
      when: 'at once if all can be reached and it comes first',
      nodeId: 'n1',
      expectedNodes: 3,
      moments: [meets('n2', 'n3')],
      firstMs: 0,
    },
    {
      when: 'after the head starts of two others',
      nodeId: 'n3',
      expectedNodes: 3,
      moments: [meets('n1', 'n2')],
      firstMs: 600,
    },
    {
      when: 'without a head start for nodes that do not answer',
      nodeId: 'n3',
      expectedNodes: 3,
      moments: [{ type: 'knowledge', peers: [peer('n1', { reachable: false }), peer('n2')] }],
      firstMs: 2_300,
    },
    {
      when: 'two seconds after the last newcomer if not all are known',
      nodeId: 'n1',
      expectedNodes: 5,
      moments: [
        { ...meets('n2', 'n3'), atMs: 100 },
        { ...meets('n2', 'n3', 'n4'), atMs: 1_500 },
      ],
      firstMs: 3_500,
    },
    {
      when: 'two seconds after the last newcomer if one of all was only heard of',
      nodeId: 'n1',
      expectedNodes: 3,
      moments: [
        {
          type: 'knowledge',
          peers: [peer('n2'), peer('n3', { reachable: false })],
          atMs: 100,
        },
      ],
      firstMs: 2_100,
    },
    {
      when: 'at once when the last of all is met',
      nodeId: 'n1',
      expectedNodes: 3,
      moments: [
        {
          type: 'knowledge',
          peers: [peer('n2'), peer('n3', { reachable: false })],
          atMs: 100,
        },
        { ...meets('n2', 'n3'), atMs: 700 },
      ],
      firstMs: 700,
    },
    {
      when: 'never without a quorum',
      nodeId: 'n1',
      expectedNodes: 5,
      moments: [meets('n2')],
      firstMs: FOREVER_MS,
    },
    {
      when: 'never without a quorum of all that it heard of',
      nodeId: 'n1',
      expectedNodes: 3,
      moments: [
        {
          type: 'knowledge',
          peers: [peer('n2'), ...['n3', 'n4'].map((nodeId) => peer(nodeId, { reachable: false }))],
        },
      ],
      firstMs: FOREVER_MS,
    },
    {
      when: 'never while a peer holds a record',
      nodeId: 'n1',
      expectedNodes: 3,
      moments: [{ type: 'knowledge', peers: [peer('n2'), peer('n3', { formed: true })] }],
      firstMs: FOREVER_MS,
    },
    {
      when: 'only after it listened for others for a second if it expects to be alone',
      nodeId: 'n1',
      expectedNodes: 1,
      moments: [],
      firstMs: 1_000,
    },
    {
      when: 'as late as in a larger cluster if it expected to be alone and is not',
      nodeId: 'n1',
      expectedNodes: 1,
      moments: [{ ...meets('n2'), atMs: 800 }],
      firstMs: 2_800,
    },
  ])('$when', (row) => {
    expect(opensAtMs(row)).toBe(row.firstMs);
  });
});
