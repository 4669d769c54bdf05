import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/kubeadm/decide.ts';
import type { Observed } from '../../../src/controllers/kubeadm/observed.ts';
import { FIRST_PROGRESS } from '../../../src/machines/operation-progress.ts';
import {
  assigned,
  assignmentFor,
  CLUSTER,
  NODE,
  OTHER_NODE,
  observed,
  operationEntry,
  statusEntry,
  WORKER_FACTS,
} from './observations.ts';

/** What is done, leaving out what is said of it. */
function done(input: Observed) {
  return decide(input).filter(({ type }) => type !== 'report' && type !== 'requeue');
}

function waitOf(input: Observed) {
  for (const action of decide(input)) {
    if (action.type === 'requeue') return action.waiting?.reason;
  }
  return undefined;
}

const KUBELET_CONF = '/etc/kubernetes/kubelet.conf';

describe('kubeadm.decide', () => {
  test('prepares a host long before it is asked for anything', () => {
    const input = observed({ host: { state: 'can-prepare' } });
    expect(done(input)).toEqual([{ type: 'prepare-host', kubernetesVersion: 'v1.34.4' }]);
  });

  test.each<{ when: string; input: Observed; reason: string }>([
    {
      when: 'the log has no spec yet',
      input: observed({ kubernetesVersion: undefined }),
      reason: 'spec',
    },
    {
      when: 'the version makes no sense',
      input: observed({ kubernetesVersion: 'latest' }),
      reason: 'kubernetes-version',
    },
    {
      when: 'the host lacks something',
      input: observed({ host: { state: 'missing', messages: ['no containerd: install it'] } }),
      reason: 'host-not-ready',
    },
    { when: 'there is no assignment', input: observed(), reason: 'assignment' },
    {
      when: 'the copy of the log asks for something and may be of long ago',
      input: assigned('join-worker', undefined, { synced: false }),
      reason: 'log',
    },
    {
      when: 'such a copy asks for a reset',
      input: assigned(
        'join-worker',
        { state: 'resetting', failures: 1 },
        { synced: false, residue: [KUBELET_CONF] },
      ),
      reason: 'log',
    },
    {
      when: 'the assignment is of a lower term',
      input: assigned('join-worker', undefined, { obeyedTerm: 8 }),
      reason: 'stale-assignment',
    },
    {
      when: 'the assignment is for a former life',
      input: assigned('join-worker', undefined, { incarnation: 2 }),
      reason: 'stale-assignment',
    },
    {
      when: 'the assignment came after its leader had been deposed',
      input: observed({ lateAssignment: assignmentFor('join-worker') }),
      reason: 'stale-assignment',
    },
    {
      when: 'another Kubernetes stands on the host',
      input: assigned('join-worker', undefined, { residue: [KUBELET_CONF] }),
      reason: 'foreign-kubernetes',
    },
    {
      when: 'the marker is of another cluster',
      input: assigned(
        'join-worker',
        { state: 'running' },
        {
          residue: [KUBELET_CONF],
          marker: {
            clusterId: '00000000-98f0-4f7c-8ad5-2b2f6d8f1a11',
            nodeId: NODE,
            incarnation: 1,
            operationId: 'join-worker-1',
          },
        },
      ),
      reason: 'foreign-kubernetes',
    },
    {
      when: 'a host with Kubernetes is to stand by',
      input: assigned('stand-by', undefined, {
        residue: [KUBELET_CONF],
        marker: { clusterId: CLUSTER, nodeId: NODE, incarnation: 1, operationId: 'join-worker-1' },
      }),
      reason: 'role-change',
    },
  ])('waits and does nothing when $when', ({ input, reason }) => {
    expect(done(input)).toEqual([]);
    expect(waitOf(input)).toBe(reason);
  });

  test('says what the host lacks, so that nobody gives it a role', () => {
    const messages = ['no containerd: install it', 'no kubeadm v1.34.4: put it on PATH'];
    expect(decide(observed({ host: { state: 'missing', messages } }))).toMatchObject([
      {
        type: 'report',
        status: {
          phase: 'preparing',
          waiting: { reason: 'host-not-ready', message: messages.join('; ') },
        },
      },
      { type: 'requeue', afterMs: 5_000 },
    ]);
  });

  test('keeps a higher term on disk before it obeys it', () => {
    const input = assigned('join-worker', undefined, { obeyedTerm: 3 });
    expect(decide(input)[0]).toEqual({ type: 'obey', term: 7 });
  });

  test('stands by on a prepared host', () => {
    expect(decide(assigned('stand-by', undefined))).toMatchObject([
      { type: 'report', status: { phase: 'spare', role: 'spare', operationId: 'stand-by-1' } },
    ]);
  });

  test('does nothing at all on a host that serves', () => {
    const { kubeletVersion, podCidr } = { kubeletVersion: 'v1.34.4', podCidr: '10.244.1.0/24' };
    const serving = assigned(
      'join-worker',
      { state: 'succeeded' },
      {
        host: { state: 'not-asked' },
        residue: [KUBELET_CONF],
        facts: WORKER_FACTS,
        reported: statusEntry({
          phase: 'serving',
          role: 'worker',
          operationId: 'join-worker-1',
          kubernetes: {
            nodeReady: true,
            kubeletVersion,
            podCidr,
            apiServerReady: false,
            etcdMember: 'none',
          },
        }),
      },
    );
    expect(decide(serving)).toEqual([]);
  });

  test('takes no assignment for no news while the copy of the log is being filled', () => {
    const reported = statusEntry({ phase: 'serving', role: 'worker' });
    expect(decide(observed({ reported, residue: [KUBELET_CONF] }))).toEqual([]);
  });

  test('never resets a host that served and was emptied by somebody else', () => {
    const input = assigned('join-worker', { state: 'succeeded' }, { marker: undefined });
    expect(done(input)).toEqual([]);
    expect(waitOf(input)).toBe('host-emptied');
  });

  test('leaves an operation to the node that recorded it first', () => {
    const other = { ...assignmentFor('init'), nodeId: OTHER_NODE };
    const input = assigned('init', undefined, { operation: operationEntry(other, FIRST_PROGRESS) });
    expect(done(input)).toEqual([]);
    expect(waitOf(input)).toBe('operation-taken');
  });

  test('stands still before an operation that a newer agent wrote', () => {
    const entry = operationEntry(assignmentFor('init'), FIRST_PROGRESS);
    const snapshot = { ...entry.value.snapshot, version: 2 };
    const operation = { ...entry, value: { ...entry.value, snapshot } };
    const input = assigned('init', undefined, { operation });
    expect(done(input)).toEqual([]);
    expect(waitOf(input)).toBe('newer-agent');
  });
});
