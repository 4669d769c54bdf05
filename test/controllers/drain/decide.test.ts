import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/drain/decide.ts';
import type {
  Ask,
  NodeSight,
  Observed,
  SponsoredDrain,
} from '../../../src/controllers/drain/observed.ts';
import type { KubePod } from '../../../src/ports/kube-objects.ts';
import type { DrainState } from '../../../src/state/drain-state.ts';
import { id } from '../../support/controllers-entries.ts';

const WALL_MS = 1_700_000_000_000;
const OPERATION = 'upgrade-kubelet-e-1';
const TARGET = 'v1.35.1';

const ask: Ask = {
  nodeId: id(5),
  incarnation: 1,
  operationId: OPERATION,
  task: 'upgrade-kubelet',
  kubernetesVersion: TARGET,
  hostname: 'n5',
  work: 'under-way',
  lastControlPlane: false,
  recalled: false,
};

const pod: KubePod = {
  namespace: 'default',
  name: 'web-1',
  uid: 'uid-web-1',
  labels: { app: 'web' },
  owner: { kind: 'ReplicaSet', name: 'web' },
  mirror: false,
  emptyDir: true,
  phase: 'Running',
  ready: true,
  terminating: false,
  restarts: 0,
  images: [],
};

const ours = { unschedulable: true, labels: { 'civitas.dev/cordoned-for': OPERATION } };

function node(change: Partial<NodeSight> = {}): NodeSight {
  return {
    ready: true,
    kubeletVersion: 'v1.34.4',
    marks: { unschedulable: false, labels: {} },
    pods: [],
    budgets: [],
    attachments: [],
    ...change,
  };
}

function state(change: Partial<DrainState> = {}): SponsoredDrain['entry'] {
  const value: DrainState = {
    nodeId: id(5),
    incarnation: 1,
    operationId: OPERATION,
    by: id(1),
    state: 'draining',
    podsLeft: 1,
    waiting: null,
    ...change,
  };
  return { kind: 'drain', key: id(5), value, revision: 40 };
}

function observed(change: Partial<Observed> = {}): Observed {
  return {
    nodeId: id(1),
    wallMs: WALL_MS,
    drainTimeoutMs: 600_000,
    keeps: { emptyDir: false, bare: false },
    mayNotActYet: false,
    drains: [],
    leftovers: [],
    unreleased: [],
    outdatedMarks: [],
    ...change,
  };
}

interface Given {
  readonly of?: Partial<Ask>;
  readonly seen?: NodeSight | undefined;
  readonly entry?: 'none';
  readonly drainingForMs?: number;
  readonly around?: Partial<Observed>;
}

/** Types of what is decided; what is told of the drain, and what is waited for. */
function course({ of, seen, entry, drainingForMs = 0, around }: Given): readonly string[] {
  const drain = {
    of: { ...ask, ...of },
    entry: entry === 'none' ? undefined : state(),
    drainingForMs,
    sight: { node: seen },
  };
  return decide(observed({ drains: [drain], ...around })).map((each) => {
    if (each.type === 'report') return `report ${each.drain.state} ${each.drain.podsLeft}`;
    return each.type === 'requeue' ? `wait ${each.waiting?.reason}` : each.type;
  });
}

const bare = { ...pod, owner: null };
const leaving = { ...pod, terminating: true };

describe('a node that gives its pods away', () => {
  test.each<readonly [string, Given, readonly string[]]>([
    [
      'is told before it is cordoned',
      { seen: node({ pods: [pod] }), entry: 'none' },
      ['report draining 1', 'cordon'],
    ],
    ['is cordoned first', { seen: node({ pods: [pod] }) }, ['cordon']],
    [
      'then loses its pods',
      { seen: node({ marks: ours, pods: [pod] }) },
      ['report draining 1', 'evict', 'wait draining'],
    ],
    [
      'whose pods are on their way is waited for',
      { seen: node({ marks: ours, pods: [leaving] }) },
      ['report draining 1', 'wait draining'],
    ],
    [
      'keeps its bare pods for the time that people have',
      { seen: node({ marks: ours, pods: [bare] }) },
      ['report draining 1', 'wait draining'],
    ],
    [
      'and those that the spec keeps are no reason to cordon it',
      { seen: node({ pods: [bare] }), around: { keeps: { emptyDir: false, bare: true } } },
      ['report draining 1', 'wait drain-blocked'],
    ],
    [
      'keeps what the spec keeps, however long it takes',
      {
        seen: node({ marks: ours, pods: [pod] }),
        drainingForMs: 600_000,
        around: { keeps: { emptyDir: true, bare: false } },
      },
      ['report draining 1', 'wait drain-blocked'],
    ],
    [
      'and loses them afterwards',
      { seen: node({ marks: ours, pods: [bare] }), drainingForMs: 600_000 },
      ['report draining 1', 'evict', 'wait drain-blocked'],
    ],
    [
      'gives its volumes up',
      { seen: node({ marks: ours, attachments: [{ name: 'a', volume: 'pv', attached: true }] }) },
      ['report draining 0', 'wait draining'],
    ],
    ['is drained when nothing is left', { seen: node({ marks: ours }) }, ['report drained 0']],
    [
      'that is not Ready keeps its pods',
      { seen: node({ ready: false, pods: [pod] }) },
      ['report draining 1', 'wait node-not-ready'],
    ],
    [
      'without a Node is waited for',
      { seen: undefined },
      ['report draining 1', 'wait node-not-ready'],
    ],
    [
      'and is the last control plane keeps them, cordoned or not',
      { of: { lastControlPlane: true }, seen: node({ marks: ours, pods: [pod] }) },
      ['report draining 1', 'wait last-control-plane'],
    ],
    [
      'is not cordoned while another one is to take pods again',
      {
        seen: node({ pods: [pod] }),
        around: { unreleased: [{ nodeId: id(4), hostname: 'n4' }] },
      },
      ['report draining 1', 'wait drain-left'],
    ],
    [
      'is not touched before what an earlier order left of it is taken back',
      {
        seen: node({ pods: [pod] }),
        around: { unreleased: [{ nodeId: id(5), hostname: 'n5' }] },
      },
      [],
    ],
  ])('%s', (_, given, steps) => {
    expect(course(given)).toEqual(steps);
  });
});

describe('a node whose order the leader wants back', () => {
  const back = { recalled: true };

  test.each<readonly [string, Given, readonly string[]]>([
    [
      'takes pods again, and that is told last',
      { of: back, seen: node({ marks: ours, pods: [pod] }) },
      ['uncordon', 'report released 0'],
    ],
    [
      'is told to be let off before anything was done to it',
      { of: back, seen: node({ pods: [pod] }), entry: 'none' },
      ['report released 0'],
    ],
    [
      'is waited for as ever once its work ended all the same',
      { of: { ...back, work: 'done' }, seen: node({ marks: ours }) },
      ['report draining 1', 'wait node-not-ready'],
    ],
  ])('%s', (_, given, steps) => {
    expect(course(given)).toEqual(steps);
  });
});

describe('a node whose work has ended', () => {
  const there = { marks: ours, kubeletVersion: TARGET };

  test.each<readonly [string, Given, readonly string[]]>([
    [
      'takes pods again, and that is told last',
      { of: { work: 'done' }, seen: node(there) },
      ['uncordon', 'report released 0'],
    ],
    [
      'is waited for until its kubelet is that release',
      { of: { work: 'done' }, seen: node({ ...there, kubeletVersion: 'v1.34.4' }) },
      ['report draining 1', 'wait node-not-ready'],
    ],
    [
      'is waited for until it is Ready',
      { of: { work: 'done' }, seen: node({ ...there, ready: false }) },
      ['report draining 1', 'wait node-not-ready'],
    ],
    [
      'whose kubelet stays takes pods again with the one it has',
      { of: { work: 'done', task: 'reconfigure' }, seen: node({ marks: ours }) },
      ['uncordon', 'report released 0'],
    ],
    [
      'in failure takes pods again, Ready or not',
      { of: { work: 'failed' }, seen: node({ ...there, ready: false }) },
      ['uncordon', 'report released 0'],
    ],
    [
      'and that people cordoned stays so',
      {
        of: { work: 'failed' },
        seen: node({ marks: { unschedulable: true, labels: {} } }),
      },
      ['report released 0'],
    ],
    [
      'and that a departure cordoned stays so',
      {
        of: { work: 'failed' },
        seen: node({
          marks: { unschedulable: true, labels: { 'civitas.dev/cordoned-for': 'retire-e-1' } },
        }),
      },
      ['report released 0'],
    ],
  ])('%s', (_, given, steps) => {
    expect(course(given)).toEqual(steps);
  });
});

test('what a drain waits for is dated once, and told again only when it changes', () => {
  const seen = node({ marks: ours, pods: [leaving] });
  const drain = { of: ask, entry: state(), drainingForMs: 0, sight: { node: seen } };
  const [first] = decide(observed({ drains: [drain] }));
  if (first?.type !== 'report') throw new Error('nothing was told');
  expect(first.drain.waiting?.sinceWallMs).toBe(WALL_MS);
  const later = { ...drain, entry: state(first.drain) };
  expect(
    decide(observed({ drains: [later], wallMs: WALL_MS + 5_000 })).map(({ type }) => type),
  ).toEqual(['requeue']);
});

test('a Kubernetes that does not answer is told, and nothing is done', () => {
  const unseen = { reason: 'api-server', message: 'no API server answers' };
  const drain = { of: ask, entry: state(), drainingForMs: 0, sight: { unseen } };
  expect(decide(observed({ drains: [drain] }))).toEqual([
    {
      type: 'report',
      drain: { ...state()?.value, waiting: { ...unseen, sinceWallMs: WALL_MS } },
      ifRevision: 40,
    },
    { type: 'requeue', afterMs: 1_000, waiting: unseen },
  ]);
});
