import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/etcd/decide.ts';
import type {
  Asked,
  Intent,
  Observed,
  Place,
  SeenMember,
} from '../../../src/controllers/etcd/observed.ts';
import { id } from '../../support/controllers-entries.ts';

const place = (number: number, address = `10.0.0.${number}`): Place => ({
  nodeId: id(number),
  hostname: `n${number}`,
  addresses: [address],
});

function voter(number: number, overrides: Partial<SeenMember> = {}): SeenMember {
  const peerUrls = [`https://10.0.0.${number}:2380`];
  const seen = { learner: false, healthy: true, orphanForMs: 0 };
  return { id: `m${number}`, name: `n${number}`, peerUrls, ...seen, ...overrides };
}

const learner = (number: number, overrides: Partial<SeenMember> = {}) =>
  voter(number, { learner: true, ...overrides });

function asked(members: readonly SeenMember[], overrides: Partial<Asked> = {}): Asked {
  return { fresh: true, members, alarms: [], ...overrides };
}

const join: Intent = {
  ...place(3),
  operationId: 'join-3',
  task: 'join-control-plane',
  sponsored: true,
  ended: true,
  endedForMs: 0,
};

const quiet: Observed = {
  nowMs: 500,
  caretaker: true,
  intents: [],
  controlPlanes: [place(1), place(2)],
  nodes: new Map(),
  asked: asked([voter(1), voter(2)]),
};

const promote = { type: 'promote-learner', memberId: 'm3', untilMs: 1_500 };
const mark = { type: 'mark-control-plane', hostname: 'n3' };
const drop = { type: 'drop-learner', memberId: 'm3' };
const move = { type: 'update-peer-url', memberId: 'm2', peerUrl: 'https://10.0.0.99:2380' };
const soon = { type: 'requeue', afterMs: 2_000 };

const silent = (names: string) => ({
  type: 'requeue',
  afterMs: 10_000,
  waiting: {
    reason: 'etcd-silent',
    message: `no member of etcd is changed until all of its voters answer and are well: bring back ${names}, or let another machine take that place`,
  },
});

const alarm = (name: string, kind: string, cure: string) => ({
  type: 'requeue',
  afterMs: 10_000,
  waiting: {
    reason: 'etcd-alarm',
    message: `etcd on ${name} has the alarm ${kind}, and no member is changed until it is gone: ${cure}, then run \`etcdctl alarm disarm\``,
  },
});

interface Row {
  when: string;
  observed: Partial<Observed>;
  actions: readonly object[];
}

function expectActions({ observed, actions }: Row): void {
  const decided = decide({ ...quiet, ...observed });
  expect(decided).toEqual(actions.map((each) => expect.objectContaining(each)));
}

describe('nothing of etcd is changed', () => {
  test.each<Row>([
    { when: 'all is well', observed: {}, actions: [] },
    { when: 'nobody asked', observed: { asked: undefined, intents: [join] }, actions: [] },
    {
      when: 'etcd was asked in an earlier pass',
      observed: {
        asked: asked([voter(1), voter(2), learner(3, { orphanForMs: 90_000 })], { fresh: false }),
      },
      actions: [],
    },
    {
      when: 'a learner has been nobody’s for less than a minute',
      observed: { asked: asked([voter(1), voter(2), learner(3, { orphanForMs: 59_999 })]) },
      actions: [],
    },
    {
      when: 'another control plane sees to what is nobody’s',
      observed: {
        caretaker: false,
        asked: asked([voter(1), voter(2), learner(3, { orphanForMs: 90_000 })]),
      },
      actions: [],
    },
    {
      when: 'kubeadm still runs on the host of the learner',
      observed: {
        intents: [{ ...join, ended: false, endedForMs: undefined }],
        asked: asked([voter(1), voter(2), learner(3)]),
      },
      actions: [],
    },
    {
      when: 'another control plane is the sponsor of the join',
      observed: {
        intents: [{ ...join, sponsored: false }],
        asked: asked([voter(1), voter(2), learner(3)]),
      },
      actions: [],
    },
    {
      when: 'the host is promoted in place, and repeats by itself what it lacks',
      observed: {
        intents: [{ ...join, task: 'promote' }],
        asked: asked([voter(1), voter(2), learner(3)]),
      },
      actions: [soon],
    },
    {
      when: 'the learner has not started',
      observed: {
        intents: [join],
        asked: asked([voter(1), voter(2), learner(3, { healthy: false })]),
      },
      actions: [soon],
    },
    {
      when: 'the member votes and its Node has not registered',
      observed: { intents: [join], asked: asked([voter(1), voter(2), voter(3)]) },
      actions: [soon],
    },
    {
      when: 'the Node has its marks',
      observed: {
        intents: [join],
        asked: asked([voter(1), voter(2), voter(3)]),
        nodes: new Map([['n3', { controlPlane: true }]]),
      },
      actions: [soon],
    },
    {
      when: 'a voter does not answer',
      observed: {
        intents: [join],
        asked: asked([voter(1), voter(2, { healthy: false }), learner(3, { orphanForMs: 90_000 })]),
      },
      actions: [silent('n2')],
    },
    {
      when: 'a voter did not answer when etcd was last asked',
      observed: { asked: asked([voter(1), voter(2, { healthy: false })], { fresh: false }) },
      actions: [silent('n2')],
    },
    {
      when: 'etcd is full',
      observed: {
        intents: [join],
        asked: asked([voter(1), voter(2), learner(3)], {
          alarms: [{ memberId: 'm2', kind: 'NOSPACE' }],
        }),
      },
      actions: [alarm('n2', 'NOSPACE', 'compact and defragment it')],
    },
    {
      when: 'a member is damaged',
      observed: {
        asked: asked([voter(1), voter(2), learner(3, { orphanForMs: 90_000 })], {
          alarms: [{ memberId: 'm2', kind: 'CORRUPT' }],
        }),
      },
      actions: [alarm('n2', 'CORRUPT', 'let n2 leave the cluster and join again')],
    },
  ])('when $when', expectActions);
});

describe('a join that kubeadm gave up on', () => {
  test.each<Row>([
    {
      when: 'is promoted, as etcd has a quorum also without the newcomer',
      observed: {
        intents: [{ ...join, endedForMs: undefined }],
        asked: asked([voter(1), voter(2), learner(3)]),
      },
      actions: [promote, soon],
    },
    {
      when: 'is promoted beside a single voter while its host surely still waits',
      observed: { intents: [{ ...join, endedForMs: 9_999 }], asked: asked([voter(1), learner(3)]) },
      actions: [promote, soon],
    },
    {
      when: 'is not promoted beside a single voter once its host may clean itself',
      observed: {
        intents: [{ ...join, endedForMs: 10_000 }],
        asked: asked([voter(1), learner(3)]),
      },
      actions: [soon],
    },
    {
      when: 'is not promoted beside a single voter when nobody saw kubeadm end',
      observed: {
        intents: [{ ...join, endedForMs: undefined }],
        asked: asked([voter(1), learner(3)]),
      },
      actions: [soon],
    },
    {
      when: 'has its learner found by name where its address is another one now',
      observed: {
        intents: [{ ...join, addresses: ['10.0.0.33'] }],
        asked: asked([voter(1), voter(2), learner(3)]),
      },
      actions: [promote, soon],
    },
    {
      when: 'has its Node marked once its member votes',
      observed: {
        intents: [join],
        asked: asked([voter(1), voter(2), voter(3)]),
        nodes: new Map([['n3', { controlPlane: false }]]),
      },
      actions: [mark, soon],
    },
  ])('$when', expectActions);
});

describe('what is nobody’s', () => {
  test.each<Row>([
    {
      when: 'a learner is dropped after a minute',
      observed: { asked: asked([voter(1), voter(2), learner(3, { orphanForMs: 60_000 })]) },
      actions: [drop],
    },
    {
      when: 'of two learners one is dropped at a time',
      observed: {
        asked: asked([
          voter(1),
          learner(3, { orphanForMs: 60_000 }),
          learner(4, { orphanForMs: 60_000 }),
        ]),
      },
      actions: [drop],
    },
  ])('$when', expectActions);
});

describe('a control plane at another address', () => {
  const moved = [place(1), place(2, '10.0.0.99'), place(3)];
  const members = (second: Partial<SeenMember>) => asked([voter(1), voter(2, second), voter(3)]);

  test.each<Row>([
    {
      when: 'is told to the others, and the wait for it stays until it answers',
      observed: { controlPlanes: moved, asked: members({ healthy: false }) },
      actions: [move, silent('n2')],
    },
    {
      when: 'is left alone while it answers where it is listed',
      observed: { controlPlanes: moved, asked: members({}) },
      actions: [],
    },
    {
      when: 'is listed there when it is the only one, though it answers itself anywhere',
      observed: {
        controlPlanes: [place(2, '10.0.0.99')],
        asked: asked([voter(2), learner(3)]),
      },
      actions: [move],
    },
    {
      when: 'is left alone when the listed address is one of its own, though not the first',
      observed: {
        controlPlanes: [place(1), { ...place(2), addresses: ['10.0.0.99', '10.0.0.2'] }, place(3)],
        asked: members({ healthy: false }),
      },
      actions: [silent('n2')],
    },
    {
      when: 'waits while its new address is that of another member',
      observed: {
        controlPlanes: [place(1), place(2, '10.0.0.3'), place(3)],
        asked: members({ healthy: false }),
      },
      actions: [silent('n2')],
    },
    {
      when: 'waits while etcd has no quorum without it',
      observed: {
        controlPlanes: [place(1), place(2, '10.0.0.99')],
        asked: asked([voter(1), voter(2, { healthy: false })]),
      },
      actions: [silent('n2')],
    },
    {
      when: 'is left to the control plane that sees to what is nobody’s',
      observed: { caretaker: false, controlPlanes: moved, asked: members({ healthy: false }) },
      actions: [silent('n2')],
    },
  ])('$when', expectActions);
});

test('a change comes with what it was decided from', () => {
  const [action] = decide({
    ...quiet,
    intents: [join],
    asked: asked([voter(1), voter(2), learner(3)]),
  });
  expect(action).toEqual({
    ...promote,
    about: { nodeId: id(3), hostname: 'n3' },
    operationId: 'join-3',
    reasons: {
      action: 'promote-learner',
      summary: 'the learner of n3 is promoted: kubeadm ended before it was in sync',
      guards: [
        { name: 'no-alarm', passed: true, message: 'etcd has no alarm' },
        {
          name: 'voters-answer',
          passed: true,
          message: '2 of 2 voters of etcd answer and are well',
        },
      ],
      rejected: [],
    },
  });
});
