import { describe, expect, test } from '@jest/globals';
import { type WaitCause, whyWaiting } from '../../../src/formation/genesis/why-waiting.ts';
import { genesisConfig } from './genesis-config.ts';
import { live, type Moment, meets, peer } from './one-node.ts';

interface Row {
  readonly when: string;
  readonly moments: readonly Moment[];
  readonly cause: WaitCause;
  readonly sinceMs: number;
  readonly endsWhen: string;
}

const config = genesisConfig('n2', 5);
const tickAt = (atMs: number): Moment => ({ type: 'tick', atMs });

describe('whyWaiting', () => {
  test.each<Row>([
    {
      when: 'too few nodes are there',
      moments: [
        { type: 'knowledge', peers: [peer('n1'), peer('n3', { reachable: false })] },
        tickAt(700),
      ],
      cause: { reason: 'too-few-nodes', reachable: 2, needed: 3, expected: 5, silent: ['n3'] },
      sinceMs: 0,
      endsWhen: '1 more can be reached (2 of the 3 needed are); not reachable now: n3',
    },
    {
      when: 'a quorum is there and more may come',
      moments: [{ ...meets('n1', 'n3'), atMs: 500 }, tickAt(700)],
      cause: { reason: 'newcomers', untilMs: 2_500 },
      sinceMs: 500,
      endsWhen: 'all expected nodes can be reached, or no new one comes for a moment',
    },
    {
      when: 'a peer holds a record',
      moments: [{ type: 'knowledge', peers: [peer('n1'), peer('n3', { formed: true })] }],
      cause: { reason: 'record-elsewhere', holders: ['n3'] },
      sinceMs: 0,
      endsWhen: 'n3 hands over the genesis record it holds',
    },
    {
      when: 'all are known and a node with a lower id goes first',
      moments: [meets('n1', 'n3', 'n4', 'n5'), tickAt(299)],
      cause: { reason: 'turn', untilMs: 300 },
      sinceMs: 0,
      endsWhen: 'another node finishes its ballot, or this one may open its own',
    },
    {
      when: 'its ballot is open',
      moments: [meets('n1', 'n3', 'n4', 'n5'), tickAt(300)],
      cause: { reason: 'ballot-open', ballot: { round: 1, nodeId: 'n2' }, votes: 1, needed: 3 },
      sinceMs: 300,
      endsWhen: '3 nodes vote for ballot 1, or it times out',
    },
    {
      when: 'surplus nodes are known and one of them is gone',
      moments: [
        {
          type: 'knowledge',
          peers: [
            ...['n1', 'n3', 'n4', 'n5'].map((nodeId) => peer(nodeId, { reachable: false })),
            ...['n6', 'n7'].map((nodeId) => peer(nodeId)),
          ],
        },
      ],
      cause: {
        reason: 'too-few-nodes',
        reachable: 3,
        needed: 5,
        expected: 5,
        silent: ['n1', 'n3', 'n4', 'n5'],
      },
      sinceMs: 0,
      endsWhen: '2 more can be reached (3 of the 5 needed are); not reachable now: n1, n3, n4, n5',
    },
  ])('says so when $when', ({ moments, cause, sinceMs, endsWhen }) => {
    const { state } = live(config, moments);
    const nowMs = moments.at(-1)?.atMs ?? 0;

    expect(whyWaiting(config, state, nowMs)).toEqual({ cause, sinceMs, endsWhen });
  });

  test('names a few of many silent nodes', () => {
    const peers = Array.from({ length: 12 }, (_, index) =>
      peer(`n${index + 10}`, { reachable: false }),
    );
    const { state } = live(config, [{ type: 'knowledge', peers }]);

    expect(whyWaiting(config, state, 0)?.endsWhen).toBe(
      '10 more can be reached (1 of the 11 needed are); not reachable now: ' +
        'n10, n11, n12, n13, n14, n15, n16, n17 and 4 more',
    );
  });

  test('is silent once formed', () => {
    const message = { type: 'formed', epoch: 1, value: { id: 'x' } } as const;
    const { state } = live(config, [{ type: 'message', from: 'n1', message }]);

    expect(whyWaiting(config, state, 0)).toBeUndefined();
  });
});
