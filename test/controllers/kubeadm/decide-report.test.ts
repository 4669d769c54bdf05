import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/kubeadm/decide.ts';
import type { Observed } from '../../../src/controllers/kubeadm/observed.ts';
import {
  assigned,
  CONTROL_PLANE_FACTS,
  observed,
  statusEntry,
  WALL_MS,
  WORKER_FACTS,
} from './observations.ts';

const SERVING = {
  nodeReady: true,
  kubeletVersion: 'v1.34.4',
  podCidr: '10.244.0.0/24',
  apiServerReady: true,
  etcdMember: 'voter',
} as const;

const DOWN = { ...CONTROL_PLANE_FACTS, apiServerReady: false };

function reports(input: Observed) {
  return decide(input).filter(({ type }) => type === 'report');
}

function serving(change: Partial<Observed>): Observed {
  return assigned(
    'init',
    { state: 'succeeded' },
    {
      residue: ['/etc/kubernetes/admin.conf'],
      facts: CONTROL_PLANE_FACTS,
      reported: statusEntry({
        phase: 'serving',
        role: 'control-plane',
        operationId: 'init',
        kubernetes: SERVING,
      }),
      ...change,
    },
  );
}

describe('the status of a node', () => {
  test('is written once and not again while nothing changes', () => {
    const [first] = reports(observed());
    expect(first).toMatchObject({ type: 'report', ifRevision: 0 });
    const waiting = {
      reason: 'assignment',
      message: 'waiting for the leader to give this node a role',
      sinceWallMs: WALL_MS - 60_000,
    };
    expect(reports(observed({ reported: statusEntry({ waiting }) }))).toEqual([]);
  });

  test('keeps since when it waits for the same thing', () => {
    const waiting = { reason: 'assignment', message: 'an older wording', sinceWallMs: 5 };
    expect(reports(observed({ reported: statusEntry({ waiting }) }))).toMatchObject([
      { status: { waiting: { reason: 'assignment', sinceWallMs: 5 } }, ifRevision: 50 },
    ]);
  });

  test('starts anew with a new incarnation', () => {
    const old = statusEntry({ phase: 'serving', role: 'worker', kubernetes: SERVING });
    expect(reports(observed({ incarnation: 2, reported: old }))).toMatchObject([
      {
        status: { incarnation: 2, phase: 'waiting', role: null, kubernetes: { nodeReady: false } },
      },
    ]);
  });

  test.each([
    { what: 'a short outage is', facts: DOWN, worseForMs: 29_000, writes: 0 },
    { what: 'a long outage is', facts: DOWN, worseForMs: 30_000, writes: 1 },
    {
      what: 'that nobody answers is',
      facts: { ...CONTROL_PLANE_FACTS, node: 'unknown', etcdMember: 'unknown' } as const,
      worseForMs: 60_000,
      writes: 0,
    },
  ])('$what reported in $writes entries', ({ facts, worseForMs, writes }) => {
    expect(reports(serving({ facts, worseForMs }))).toHaveLength(writes);
  });

  test.each([
    { what: 'a control plane that serves', facts: CONTROL_PLANE_FACTS, looks: [] },
    { what: 'a worker, which has no API server', facts: WORKER_FACTS, looks: [] },
    {
      what: 'a control plane whose API server does not answer yet',
      facts: { ...CONTROL_PLANE_FACTS, apiServerReady: false },
      looks: [{ type: 'requeue', afterMs: 1_000 }],
    },
    {
      what: 'a node that is not Ready yet',
      facts: DOWN,
      looks: [{ type: 'requeue', afterMs: 1_000 }],
    },
  ])('$what is looked at as often as somebody waits for it', ({ facts, looks }) => {
    const steps = decide(serving({ facts }));
    expect(steps.filter(({ type }) => type === 'requeue')).toEqual(looks);
  });

  test('gets better at once', () => {
    const reported = statusEntry({ phase: 'serving', role: 'control-plane', operationId: 'init' });
    expect(reports(serving({ reported }))).toMatchObject([{ status: { kubernetes: SERVING } }]);
  });

  test('says that a node serves only after everything else is done', () => {
    const input = assigned(
      'join-worker',
      { state: 'verifying', outcome: 'succeeded' },
      {
        residue: ['/etc/kubernetes/kubelet.conf'],
        facts: WORKER_FACTS,
      },
    );
    expect(decide(input).map(({ type }) => type)).toEqual([
      'sync-files',
      'remove-files',
      'forget-command',
      'record',
      'report',
    ]);
  });
});
