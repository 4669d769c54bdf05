import { decide } from '../../../src/controllers/departure/decide.ts';
import type {
  ClusterSight,
  Departing,
  NodeSight,
  Observed,
  SponsoredDeparture,
} from '../../../src/controllers/departure/observed.ts';
import type { EtcdHealth } from '../../../src/ports/etcd.ts';
import type { KubePod, KubeTaint } from '../../../src/ports/kube-objects.ts';
import type { Departure } from '../../../src/state/departure.ts';

export const SPONSOR = 'aaaaaaaaaaa';
const LEAVER = 'ccccccccccc';
export const WALL_MS = 1_700_000_000_000;
const TAINT: KubeTaint = {
  key: 'node.kubernetes.io/out-of-service',
  value: 'nodeshutdown',
  effect: 'NoExecute',
};
export const MARKS = {
  taints: [{ key: 'node-role.kubernetes.io/control-plane', value: '', effect: 'NoSchedule' }],
  labels: { 'node-role.kubernetes.io/control-plane': '' },
} as const;

export const dead: Departing = {
  nodeId: LEAVER,
  incarnation: 1,
  operationId: 'retire-1',
  task: 'retire',
  hostname: 'n3',
  addresses: ['10.0.0.3'],
  life: 'dead',
  wiped: false,
  hasBegun: true,
};
export const living: Departing = { ...dead, life: 'alive' };
export const demoted: Departing = { ...living, operationId: 'demote-1', task: 'demote' };

export type Member = EtcdHealth['members'][number];

/** Member `m<number>` of n<number>; m1 leads unless another one is said to. */
export function member(number: number, change: Partial<Member> = {}, leaderId = 'm1'): Member {
  const id = `m${number}`;
  return {
    id,
    name: `n${number}`,
    peerUrls: [`https://10.0.0.${number}:2380`],
    learner: false,
    status: {
      id,
      leaderId,
      raftTerm: 2,
      raftIndex: 9,
      revision: 9,
      databaseBytes: 1,
      version: '3.6.5',
      errors: [],
    },
    ...change,
  };
}

export const silent = { status: undefined };
export const two = { members: [member(1), member(2)], alarms: [] };
export const three = { members: [member(1), member(2), member(3)], alarms: [] };
export const threeOneDead = { members: [member(1), member(2), member(3, silent)], alarms: [] };

export function nodeSight(change: Partial<NodeSight> = {}): NodeSight {
  return {
    node: { name: 'n3', uid: 'uid-n3', ready: true },
    marks: { unschedulable: false, taints: [], labels: {} },
    pods: [],
    budgets: [],
    attachments: [],
    beat: undefined,
    ...change,
  };
}

export const lost = nodeSight({ node: { name: 'n3', uid: 'uid-n3', ready: false } });
export const cordoned = {
  unschedulable: true,
  taints: [],
  labels: { 'civitas.dev/cordoned-for': 'retire-1' },
};
export const volume = { name: 'csi-1', volume: 'pv-1', attached: true };
export const pod: KubePod = {
  namespace: 'default',
  name: 'web-1',
  uid: 'uid-web-1',
  labels: {},
  owner: { kind: 'ReplicaSet', name: 'web' },
  mirror: false,
  emptyDir: true,
  phase: 'Running',
  ready: true,
  terminating: false,
  restarts: 0,
  images: [],
};

export function entry(change: Partial<Departure> = {}): SponsoredDeparture['entry'] {
  const value: Departure = {
    nodeId: LEAVER,
    incarnation: 1,
    operationId: 'retire-1',
    by: SPONSOR,
    state: 'under-way',
    waiting: null,
    ...change,
  };
  return { kind: 'departure', key: LEAVER, value, revision: 40 };
}

export function departure(
  of: Departing,
  change: Partial<SponsoredDeparture> = {},
): SponsoredDeparture {
  return {
    of,
    entry: entry({ operationId: of.operationId }),
    isRecalled: false,
    successor: undefined,
    elsewhere: ['10.0.0.1', '10.0.0.2'],
    drainingForMs: 0,
    outOfServiceForMs: 0,
    cluster: { health: two, node: undefined },
    ...change,
  };
}

export function observed(change: Partial<Observed>): Observed {
  return {
    nodeId: SPONSOR,
    addresses: ['10.0.0.1'],
    wallMs: WALL_MS,
    drainTimeoutMs: 600_000,
    keeps: { emptyDir: false, bare: false },
    mayNotActYet: false,
    departures: [],
    withdrawn: [],
    ...change,
  };
}

/** Types of what is decided, a wait as `wait: <reason>`; with the sentence of the wait. */
export function course(
  of: Departing,
  cluster: ClusterSight,
  change: Partial<SponsoredDeparture> = {},
) {
  const departures = [departure(of, { cluster, ...change })];
  const decided = decide(observed({ departures }));
  return {
    steps: decided.flatMap((each) => {
      if (each.type !== 'requeue') return each.type === 'report' ? [] : [each.type];
      return each.waiting ? [`wait: ${each.waiting.reason}`] : ['later'];
    }),
    done: decided.some((each) => each.type === 'report' && each.departure.state === 'done'),
    message: decided.flatMap((each) => {
      return each.type === 'requeue' && each.waiting ? [each.waiting.message] : [];
    })[0],
  };
}

/** A Node that was declared out of service, and one that was cordoned and is empty. */
export const tainted = nodeSight({ ...lost, marks: { ...lost.marks, taints: [TAINT] } });
export const empty = nodeSight({ marks: cordoned });
