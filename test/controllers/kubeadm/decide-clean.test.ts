import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/kubeadm/decide.ts';
import type { Observed } from '../../../src/controllers/kubeadm/observed.ts';
import { readProgress } from '../../../src/machines/operation-progress.ts';
import type { Task } from '../../../src/state/assignment.ts';
import { assigned, CONTROL_PLANE_FACTS } from './observations.ts';

const KUBELET_CONF = '/etc/kubernetes/kubelet.conf';
const MARKER = '/etc/kubernetes/civitas.json';
const RESET = [
  'kubeadm',
  'reset',
  '--force',
  '--cleanup-tmp-dir',
  '--cri-socket',
  'unix:///run/containerd/containerd.sock',
];
const CUT_OFF = { running: true, listsOwnServer: true, reachesOthers: false };

function resetting(change: Partial<Observed>, failures = 1, task: Task = 'init') {
  return assigned(task, { state: 'resetting', failures, outcome: 'failed', reason: 'x' }, change);
}

function done(input: Observed) {
  return decide(input).flatMap((action): readonly unknown[] => {
    if (action.type === 'report' || action.type === 'requeue') return [];
    if (action.type === 'record') return [readProgress(action.operation.snapshot)];
    if (action.type === 'remove-files') return [{ removes: action.paths.at(-1) }];
    return [action];
  });
}

const SYNC = { type: 'sync-files' };
const forgotten = (failures: number) => [
  { type: 'forget-command', name: `kubeadm-${failures}-init` },
  { type: 'forget-command', name: `reset-${failures}-init` },
];

describe('kubeadm.decide on a host to be cleaned', () => {
  test.each<{ when: string; input: Observed; does: readonly unknown[] }>([
    {
      when: 'something is left',
      input: resetting({ residue: [KUBELET_CONF] }),
      does: [{ type: 'start-command', name: 'reset-1-init', argv: RESET }],
    },
    {
      when: 'its member of etcd still votes: it leaves first, as the reset may not do that',
      input: resetting(
        { residue: [KUBELET_CONF], facts: CONTROL_PLANE_FACTS },
        1,
        'join-control-plane',
      ),
      does: [{ type: 'leave-etcd' }],
    },
    {
      when: 'its member of etcd is the only one, of an init that failed',
      input: resetting({
        residue: [KUBELET_CONF],
        facts: { ...CONTROL_PLANE_FACTS, initialised: false },
      }),
      does: [{ type: 'start-command', name: 'reset-1-init', argv: RESET }],
    },
    {
      when: 'the reset runs',
      input: resetting({ residue: [KUBELET_CONF], reset: { phase: 'running' } }),
      does: [],
    },
    {
      when: 'the reset ended and left something',
      input: resetting({
        residue: [KUBELET_CONF],
        reset: { phase: 'ended', outcome: 'succeeded', reason: 'busy' },
      }),
      does: [{ type: 'forget-command', name: 'reset-1-init' }],
    },
    {
      when: 'nothing is left: our own files go, the marker last',
      input: resetting({ reset: { phase: 'ended', outcome: 'succeeded', reason: '' } }),
      does: [
        SYNC,
        { removes: MARKER },
        ...forgotten(1),
        { state: 'intended', failures: 1, outcome: 'failed', reason: 'x' },
      ],
    },
    {
      when: 'the agent died after it removed the marker',
      input: resetting({ marker: undefined }),
      does: [
        SYNC,
        ...forgotten(1),
        { state: 'intended', failures: 1, outcome: 'failed', reason: 'x' },
      ],
    },
    {
      when: 'that was the last attempt',
      input: resetting({}, 5),
      does: [
        SYNC,
        { removes: MARKER },
        ...forgotten(5),
        { state: 'gave-up', failures: 5, outcome: 'failed', reason: 'x' },
      ],
    },
    {
      when: 'that was the last attempt, as the spec allows one',
      input: resetting({ retry: { attempts: 1, afterSeconds: 5 } }),
      does: [
        SYNC,
        { removes: MARKER },
        ...forgotten(1),
        { state: 'gave-up', failures: 1, outcome: 'failed', reason: 'x' },
      ],
    },
    {
      when: 'what is left is not ours (S17)',
      input: resetting({ residue: [KUBELET_CONF], marker: undefined }),
      does: [],
    },
    {
      when: 'no other API server answers, so this one may be the last (S26)',
      input: resetting({ residue: [KUBELET_CONF], balancer: CUT_OFF }, 1, 'join-worker'),
      does: [],
    },
    {
      when: 'no other API server answers a failed init: there never was one',
      input: resetting({ residue: [KUBELET_CONF], balancer: CUT_OFF }),
      does: [{ type: 'start-command', name: 'reset-1-init', argv: RESET }],
    },
  ])('when $when', ({ input, does }) => {
    expect(done(input)).toEqual(does);
  });
});
