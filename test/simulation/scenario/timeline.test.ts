import { expect, test } from '@jest/globals';
import type { Sight } from '../../../src/simulation/scenario/outside-view.ts';
import { timeline } from '../../../src/simulation/scenario/timeline.ts';
import type { TraceEntry } from '../../../src/simulation/trace/entry.ts';
import type { Kind } from '../../../src/state/kinds.ts';
import { order, progress, rollout, upkeep, work } from '../../support/rollout-entries.ts';

const A = 'aaaaaaaaaaa';
const B = 'bbbbbbbbbbb';
const PLAN = 'upgrade-v1-35-1-57';
const ITS_TURN = { reason: 'max-unavailable', message: 'n2 is next', sinceWallMs: 0 };
const FAILED = { reason: 'x', message: 'it failed on n2', sinceWallMs: 0 };

function told(entries: readonly TraceEntry[], sights: readonly Sight[] = []): readonly string[] {
  return timeline(entries, sights).map(({ atMs, host, text }) => `${atMs} ${host} ${text}`);
}

function committed(atMs: number, kind: Kind, key: string, value: unknown): TraceEntry {
  const what = { kind, key, revision: atMs, value, by: null };
  return { atMs, host: 'n1', type: 'log.committed', log: 'e1', ...what };
}

function node(atMs: number, nodeId: string, hostname: string): TraceEntry {
  return committed(atMs, 'node', nodeId, {
    ...{ nodeId, hostname, incarnation: 1, addresses: ['10.88.0.1'], peerPort: 7_946 },
    ...{ machineIdHash: '0'.repeat(64), zone: '', labels: {}, sealKey: '', agentVersion: '' },
    capacity: { cpus: 2, memoryMiB: 4_096, fsyncP99Ms: 1 },
  });
}

function liveness(atMs: number, verdict: 'alive' | 'suspect' | 'dead', ageS: number): TraceEntry {
  const evidence = `its lease was last renewed ${ageS} s ago`;
  return committed(atMs, 'liveness', B, { nodeId: B, incarnation: 1, verdict, evidence });
}

function quorum(atMs: number, works: boolean, log = 'e1'): TraceEntry {
  return { atMs, host: '*', type: 'log.quorum', log, works, reachedFrom: [] };
}

test('a node joins, is suspected, found dead and alive again, under its host name', () => {
  const entries = [
    node(1, B, 'n2'),
    node(2, B, 'n2'),
    liveness(3, 'alive', 0),
    liveness(4, 'suspect', 25),
    liveness(5, 'dead', 35),
    liveness(6, 'alive', 1),
  ];
  expect(told(entries)).toEqual([
    '1 n2 joins',
    '4 n2 is suspected: its lease was last renewed 25 s ago',
    '5 n2 is found dead: its lease was last renewed 35 s ago',
    '6 n2 is alive again',
  ]);
});

test('leaders and roles are told once, each time they change', () => {
  const leads = (atMs: number, nodeId: string | null) =>
    committed(atMs, 'leadership', 'current', { nodeId, incarnation: 1 });
  const entries: readonly TraceEntry[] = [
    node(1, A, 'n1'),
    leads(2, A),
    { atMs: 3, host: 'n1', type: 'agent.leads', term: 2 },
    { atMs: 4, host: 'n1', type: 'agent.leads', term: null },
    leads(5, null),
    leads(6, B),
  ];
  expect(told(entries)).toEqual([
    '1 n1 joins',
    '2 n1 leads',
    '4 n1 leads no longer',
    `6 ${B} leads`,
  ]);
});

test('a log stops and works again, and has not stopped before it ever worked', () => {
  const entries = [
    quorum(1, false),
    quorum(2, true),
    quorum(3, true),
    quorum(4, false),
    quorum(5, true),
  ];
  expect(told(entries)).toEqual([
    '2 * the log works',
    '4 * the log has no leader: nothing can be decided',
    '5 * the log works again',
  ]);
});

test('a log that is founded anew works as soon as any of its epochs does', () => {
  expect(told([quorum(1, false), quorum(2, true, 'e2'), quorum(3, false)])).toEqual([
    '2 * the log works',
  ]);
});

test('of one moment, what was done comes before what was seen of it', () => {
  const entries: readonly TraceEntry[] = [
    { atMs: 9, host: 'n1', type: 'fault.begun', fault: 'power-cut', detail: 'worker' },
    { atMs: 9, host: '*', type: 'fault.begun', fault: 'partitioned', detail: 'n1 | n2' },
    { atMs: 9, host: '*', type: 'script.edited', detail: 'Kubernetes v1.35.1 is asked for' },
  ];
  const sights = [
    { atMs: 3, apiServers: ['n1'], readyNodes: ['n1', 'n2'] },
    { atMs: 9, apiServers: [], readyNodes: ['n2'] },
  ];
  expect(told(entries, sights)).toEqual([
    '3 * the API answers',
    '3 n1 is Ready',
    '3 n2 is Ready',
    '9 n1 is switched off (worker)',
    '9 * the network is cut: n1 | n2',
    '9 * Kubernetes v1.35.1 is asked for',
    '9 * no API server answers',
    '9 n1 is NotReady',
  ]);
});

test('a rollout is told by its plan, what each node is to do for it, and what comes of that', () => {
  const done = work(2, { state: 'done' });
  const entries = [
    node(1, B, 'n2'),
    committed(2, 'rollout', PLAN, rollout()),
    committed(3, 'progress', PLAN, progress({ state: 'running', stage: 'control planes' })),
    committed(4, 'order', B, order(2)),
    committed(5, 'order', B, order(2, { sponsor: null })),
    committed(6, 'upkeep', B, upkeep(2, {}, work(2))),
    committed(7, 'upkeep', B, upkeep(2, {}, done)),
    committed(8, 'upkeep', B, upkeep(2, { kubelet: 'v1.35.1' }, done)),
    committed(9, 'order', B, null),
    committed(9, 'progress', PLAN, progress({ stage: 'control planes', waiting: ITS_TURN })),
    committed(10, 'progress', PLAN, progress({ state: 'paused', waiting: FAILED })),
    committed(11, 'progress', PLAN, progress({ state: 'done', stage: '' })),
  ];
  expect(told(entries)).toEqual([
    '1 n2 joins',
    '2 * planned as upgrade-v1-35-1-57: Upgrade 3 nodes: v1.34.4 → v1.35.1',
    '3 * upgrade-v1-35-1-57: running, control planes',
    '4 n2 is to upgrade-kubelet (v1.35.1)',
    '7 n2 upgrade-kubelet: done',
    '10 * upgrade-v1-35-1-57: paused',
    '10 * upgrade-v1-35-1-57 waits: it failed on n2',
    '11 * upgrade-v1-35-1-57: done',
  ]);
});

test('what a node could not do is told with the reason', () => {
  const failed = work(2, { state: 'failed', reason: 'no such image' });
  const entries = [node(1, B, 'n2'), committed(2, 'upkeep', B, upkeep(2, {}, failed))];
  expect(told(entries)[1]).toBe('2 n2 upgrade-kubelet: failed, no such image');
});
