import { describe, expect, test } from '@jest/globals';
import { type Action, decide, type Observed } from '../../../src/controllers/handover/decide.ts';

const SPONSOR = 'aaaaaaaaaaa';
const OTHER_SPONSOR = 'ccccccccccc';
const JOINER = 'bbbbbbbbbbb';
const WALL_MS = 1_700_000_000_000;

const join = {
  nodeId: JOINER,
  operationId: 'join-worker-1',
  task: 'join-worker',
  sealKey: 'key',
} as const;

function entry(change = {}) {
  const value = {
    nodeId: JOINER,
    operationId: 'join-worker-1',
    sponsor: SPONSOR,
    tokenId: 'abcdef',
    expiresWallMs: WALL_MS + 900_000,
    sealed: { ephemeralKey: 'e', nonce: 'n', ciphertext: 'c' },
    ...change,
  };
  return { value, revision: 30 };
}

function observed(change: Partial<Observed>): Observed {
  return {
    nodeId: SPONSOR,
    serves: true,
    settled: true,
    wallMs: WALL_MS,
    joins: [],
    entries: [],
    tokens: [],
    ...change,
  };
}

const handOver = (ifRevision: number): Action => ({ type: 'hand-over', join, ifRevision });
const token = { id: 'abcdef', seenForMs: 60_000 };
const release: readonly Action[] = [
  { type: 'delete-token', id: 'abcdef' },
  { type: 'remove-entry', nodeId: JOINER, ifRevision: 30 },
];

interface Row {
  readonly when: string;
  readonly input: Partial<Observed>;
  readonly does: readonly Action[];
}

describe('handover.decide', () => {
  test.each<Row>([
    { when: 'nobody joins', input: {}, does: [] },
    { when: 'a node asks to join', input: { joins: [join] }, does: [handOver(0)] },
    {
      when: 'this node serves no control plane',
      input: { serves: false, joins: [join], entries: [entry()] },
      does: [],
    },
    {
      when: 'all was handed over',
      input: { joins: [join], entries: [entry()], tokens: [token] },
      does: [],
    },
    {
      when: 'the token would end during the join',
      input: {
        joins: [join],
        entries: [entry({ expiresWallMs: WALL_MS + 200_000 })],
        tokens: [token],
      },
      does: [handOver(30)],
    },
    {
      when: 'somebody deleted the token',
      input: { joins: [join], entries: [entry()] },
      does: [handOver(30)],
    },
    {
      when: 'the entry is of a former operation',
      input: {
        joins: [join],
        entries: [entry({ operationId: 'join-worker-0' })],
        tokens: [token],
      },
      does: [handOver(30)],
    },
    {
      when: 'the entry is of a former sponsor',
      input: { joins: [join], entries: [entry({ sponsor: OTHER_SPONSOR })], tokens: [token] },
      does: [handOver(30)],
    },
    {
      when: 'the join is done: the token goes before the entry that names it',
      input: { entries: [entry()], tokens: [token] },
      does: release,
    },
    {
      when: 'the join is done and the agent died after it deleted the token',
      input: { entries: [entry()] },
      does: release,
    },
    {
      when: 'the join that is done was sponsored by another',
      input: { entries: [entry({ sponsor: OTHER_SPONSOR })], tokens: [token] },
      does: [],
    },
    {
      when: 'another sponsor left an entry until it expired',
      input: {
        entries: [entry({ sponsor: OTHER_SPONSOR, expiresWallMs: WALL_MS - 1 })],
        tokens: [token],
      },
      does: release,
    },
    {
      when: 'a token has no entry yet, as another sponsor may be writing it',
      input: { tokens: [{ id: 'fedcba', seenForMs: 29_000 }] },
      does: [],
    },
    {
      when: 'a token was left without an entry',
      input: { tokens: [{ id: 'fedcba', seenForMs: 30_000 }] },
      does: [{ type: 'delete-token', id: 'fedcba' }],
    },
    {
      when: 'the local copy of the log is being filled: nothing is taken back',
      input: { settled: false, entries: [entry()], tokens: [token, { ...token, id: 'fedcba' }] },
      does: [],
    },
  ])('when $when', ({ input, does }) => {
    expect(decide(observed(input))).toEqual(does);
  });
});
