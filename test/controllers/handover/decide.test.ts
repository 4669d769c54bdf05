import { describe, expect, test } from '@jest/globals';
import { type Action, decide } from '../../../src/controllers/handover/decide.ts';
import type {
  HandoverEntry,
  Join,
  Observed,
  Remains,
} from '../../../src/controllers/handover/observed.ts';
import type { EtcdHealth } from '../../../src/ports/etcd.ts';

const SPONSOR = 'aaaaaaaaaaa';
const OTHER_SPONSOR = 'ccccccccccc';
const JOINER = 'bbbbbbbbbbb';
const WALL_MS = 1_700_000_000_000;
const ONE_YEAR_MS = 31_557_600_000;

const join = {
  nodeId: JOINER,
  operationId: 'join-worker-1',
  task: 'join-worker',
  sealKey: 'key',
  hostname: 'n2',
  addresses: ['10.0.0.2'],
  attempt: 1,
  awaitsKeys: true,
} as const;

function entry(change = {}, seenForMs = 1_000): HandoverEntry {
  const value = {
    nodeId: JOINER,
    operationId: 'join-worker-1',
    attempt: 1,
    sponsor: SPONSOR,
    tokenId: 'abcdef',
    expiresWallMs: WALL_MS + 900_000,
    sealed: { ephemeralKey: 'e', nonce: 'n', ciphertext: 'c' },
    ...change,
  };
  return { value, revision: 30, seenForMs, abandoned: false };
}

/** On the host with that number; `ill`: it knows no leader. */
function voter(
  number: string,
  state: 'well' | 'ill' | 'silent' = 'well',
): EtcdHealth['members'][number] {
  const status = {
    id: number,
    leaderId: state === 'well' ? '1' : null,
    raftTerm: 2,
    raftIndex: 10,
    revision: 8,
    databaseBytes: 1_000,
    version: '3.6.5',
    errors: [],
  };
  return {
    id: number,
    name: `n${number}`,
    peerUrls: [`https://10.0.0.${number}:2380`],
    learner: false,
    status: state === 'silent' ? undefined : status,
  };
}

function etcdOf(...members: EtcdHealth['members']): EtcdHealth {
  return { members, alarms: [] };
}

function observed(change: Partial<Observed>): Observed {
  return {
    nodeId: SPONSOR,
    serves: true,
    settled: true,
    wallMs: WALL_MS,
    joins: [],
    givenUp: [],
    nodes: [],
    members: [],
    etcd: etcdOf(voter('1'), voter('3')),
    entries: [],
    tokens: [],
    ...change,
  };
}

const retry = { ...join, attempt: 2 };
const stale = { name: 'n2', uid: 'uid-n2' };
const members = [
  { id: 'aa', peerUrls: ['https://10.0.0.1:2380'] },
  { id: 'bb', peerUrls: ['https://10.0.0.2:2380'] },
];
const retryOver = (ifRevision: number, remains?: Remains): Action => {
  return { type: 'hand-over', join: retry, ifRevision, ...(remains && { remains }) };
};
const handOver = (ifRevision: number, to: Join = join): Action => {
  return { type: 'hand-over', join: to, ifRevision };
};
const handedOver = (beforeMs: number, clockSetByMs = 0) => {
  return { ...join, handedOver: { beforeMs, clockSetByMs } };
};
const toControlPlane = { ...join, task: 'join-control-plane' } as const;
const etcdWait = (message: string) => ({
  type: 'requeue',
  afterMs: 2_000,
  waiting: { reason: 'etcd-not-healthy', message: `n2 gets no keys yet: ${message}` },
});
const clockWait = (words: string) => ({
  type: 'requeue',
  afterMs: 10_000,
  waiting: { reason: 'clock', message: expect.stringMatching(words) },
});
const token = { id: 'abcdef', seenForMs: 60_000 };
const release: readonly Action[] = [
  { type: 'delete-token', id: 'abcdef' },
  { type: 'remove-entry', nodeId: JOINER, ifRevision: 30 },
];

interface Row {
  readonly when: string;
  readonly input: Partial<Observed>;
  readonly does: readonly unknown[];
}

describe('handover.decide', () => {
  test.each<Row>([
    { when: 'nobody joins', input: {}, does: [] },
    { when: 'a node asks to join', input: { joins: [join] }, does: [handOver(0)] },
    {
      when: 'a node asks to join as a control plane, and all of etcd is well',
      input: { joins: [toControlPlane] },
      does: [handOver(0, toControlPlane)],
    },
    {
      when: 'the first of etcd gets a second',
      input: { joins: [toControlPlane], etcd: etcdOf(voter('1')) },
      does: [handOver(0, toControlPlane)],
    },
    {
      when: 'a control plane joins, and one of three voters does not answer',
      input: {
        joins: [toControlPlane],
        etcd: etcdOf(voter('1'), voter('3'), voter('4', 'silent')),
      },
      does: [
        etcdWait(
          'with one more etcd would have 2 of 4 voters healthy and needs 3: bring n4 (4) back',
        ),
      ],
    },
    {
      when: 'a control plane joins, and one of two voters knows no leader',
      input: { joins: [toControlPlane], etcd: etcdOf(voter('1'), voter('3', 'ill')) },
      does: [
        etcdWait(
          'with one more etcd would have 1 of 3 voters healthy and needs 2: bring n3 (3) back',
        ),
      ],
    },
    {
      when: 'a control plane joins again, whose member of before is the only one that is silent',
      input: {
        joins: [{ ...toControlPlane, attempt: 2 }],
        members,
        etcd: etcdOf(voter('1'), voter('3'), voter('2', 'silent')),
      },
      does: [
        {
          ...handOver(0, { ...toControlPlane, attempt: 2 }),
          remains: { memberId: 'bb' },
        },
      ],
    },
    {
      when: 'a control plane joins, and etcd has an alarm',
      input: {
        joins: [toControlPlane],
        etcd: { ...etcdOf(voter('1')), alarms: [{ memberId: '1', kind: 'NOSPACE' }] },
      },
      does: [etcdWait('etcd has the alarm NOSPACE')],
    },
    {
      when: 'a control plane joins, and etcd tells nothing',
      input: { joins: [toControlPlane], etcd: undefined },
      does: [etcdWait('etcd does not tell who is well')],
    },
    {
      when: 'a worker joins, and etcd tells nothing',
      input: { joins: [join], etcd: undefined },
      does: [handOver(0)],
    },
    {
      when: 'a control plane that has its keys is about to begin, and a voter falls silent',
      input: {
        joins: [toControlPlane],
        entries: [entry()],
        tokens: [token],
        etcd: etcdOf(voter('1'), voter('3', 'silent')),
      },
      does: [],
    },
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
      input: { joins: [join], entries: [entry({}, 600_000)], tokens: [token] },
      does: [handOver(30)],
    },
    {
      when: 'the wall clock says that the token ended, and the monotonic one that it was just made',
      input: {
        joins: [{ ...join, awaitsKeys: false }],
        entries: [entry({ expiresWallMs: WALL_MS - ONE_YEAR_MS })],
        tokens: [token],
      },
      does: [],
    },
    {
      when: 'the token is gone right after it was made',
      input: { joins: [handedOver(179_000)], entries: [entry()] },
      does: [clockWait('good until 2023-11-14T22:28:20\\.000Z.* behind[^`]*`timedatectl')],
    },
    {
      when: 'it is gone for minutes',
      input: { joins: [handedOver(180_000)], entries: [entry()] },
      does: [handOver(30, handedOver(180_000))],
    },
    {
      when: 'it is gone, and the clock that made it was set right',
      input: { joins: [handedOver(1_000, ONE_YEAR_MS)], entries: [entry()] },
      does: [handOver(30, handedOver(1_000, ONE_YEAR_MS))],
    },
    {
      when: 'the clock that made the token was set back, so that it seems to live for ever',
      input: {
        joins: [handedOver(1_000, -ONE_YEAR_MS)],
        entries: [entry({ expiresWallMs: WALL_MS + ONE_YEAR_MS })],
        tokens: [token],
      },
      does: [handOver(30, handedOver(1_000, -ONE_YEAR_MS))],
    },
    {
      when: 'it is gone, and NTP moved the clock a little',
      input: { joins: [handedOver(1_000, -59_000)], entries: [entry()] },
      does: [clockWait('behind')],
    },
    {
      when: 'the cluster takes a token that ended by the clock of this host',
      input: {
        joins: [join],
        entries: [entry({ expiresWallMs: WALL_MS - 61_000 })],
        tokens: [token],
      },
      does: [clockWait('n2 ended at 2023-11-14T22:12:19\\.000Z.* ahead[^`]*`timedatectl')],
    },
    {
      when: 'the token of a join that is under way is gone: nobody would read another',
      input: { joins: [{ ...join, awaitsKeys: false }], entries: [entry()] },
      does: [],
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
      when: 'a join failed and its host is clean: its Node goes before there are new keys',
      input: { joins: [retry], entries: [entry()], tokens: [token], nodes: [stale] },
      does: [retryOver(30, { node: stale })],
    },
    {
      when: 'a join failed before it registered a Node, and its member of etcd is still counted',
      input: { joins: [retry], entries: [entry()], tokens: [token], members },
      does: [retryOver(30, { memberId: 'bb' })],
    },
    {
      when: 'a join failed before it registered a Node',
      input: {
        joins: [retry],
        entries: [entry()],
        tokens: [token],
        nodes: [{ name: 'n3', uid: 'uid-n3' }],
      },
      does: [retryOver(30)],
    },
    {
      when: 'a join failed and its entry is lost too',
      input: { joins: [retry], nodes: [stale] },
      does: [retryOver(0, { node: stale })],
    },
    {
      when: 'the host of a failed join is not clean yet: its Node may have to leave etcd',
      input: {
        joins: [{ ...retry, attempt: 1, awaitsKeys: false }],
        entries: [entry()],
        tokens: [token],
        nodes: [stale],
      },
      does: [],
    },
    {
      when: 'the second attempt was handed over, and the Node is its own',
      input: {
        joins: [retry],
        entries: [entry({ attempt: 2 })],
        tokens: [token],
        nodes: [stale],
      },
      does: [],
    },
    {
      when: 'the token of the second attempt is gone, and the Node is its own',
      input: { joins: [retry], entries: [entry({ attempt: 2 })], nodes: [stale] },
      does: [retryOver(30)],
    },
    {
      when: 'a Node of the name of a first attempt stands there, which nobody said to be left over',
      input: { joins: [join], nodes: [stale] },
      does: [handOver(0)],
    },
    {
      when: 'a join failed while the local copy of the log is being filled',
      input: { settled: false, joins: [retry], entries: [entry()], nodes: [stale] },
      does: [],
    },
    {
      when: 'a host gave up and left a Node and a member of etcd',
      input: {
        givenUp: [{ hostname: 'n2', addresses: ['10.0.0.2'] }],
        nodes: [{ name: 'n1', uid: 'uid-n1' }, stale],
        members,
      },
      does: [{ type: 'remove-remains', remains: { node: stale, memberId: 'bb' } }],
    },
    {
      when: 'a host gave up and left nothing',
      input: {
        givenUp: [{ hostname: 'n2', addresses: ['10.0.0.2'] }],
        nodes: [{ name: 'n1', uid: 'uid-n1' }],
        members: members.slice(0, 1),
      },
      does: [],
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
      when: 'another sponsor left an entry for longer than any token lives',
      input: { entries: [entry({ sponsor: OTHER_SPONSOR }, 900_000)], tokens: [token] },
      does: release,
    },
    {
      when: 'another sponsor is no control plane any more, and the join is done',
      input: {
        entries: [{ ...entry({ sponsor: OTHER_SPONSOR }), abandoned: true }],
        tokens: [token],
      },
      does: release,
    },
    {
      when: 'the entry of another sponsor expired long ago by the clock of this host',
      input: {
        entries: [entry({ sponsor: OTHER_SPONSOR, expiresWallMs: WALL_MS - ONE_YEAR_MS }, 899_000)],
        tokens: [token],
      },
      does: [],
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
