import { expect, test } from '@jest/globals';
import type { Sight } from '../../../src/simulation/scenario/outside-view.ts';
import { timeline } from '../../../src/simulation/scenario/timeline.ts';
import type { TraceEntry } from '../../../src/simulation/trace/entry.ts';
import type { Kind } from '../../../src/state/kinds.ts';

const A = 'aaaaaaaaaaa';
const B = 'bbbbbbbbbbb';

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
