import { describe, expect, test } from '@jest/globals';
import type { Action } from '../../../src/controllers/kubeadm/action.ts';
import { decide } from '../../../src/controllers/kubeadm/decide.ts';
import type { Observed } from '../../../src/controllers/kubeadm/observed.ts';
import { readProgress } from '../../../src/machines/operation-progress.ts';
import {
  assigned,
  CLUSTER,
  CONTROL_PLANE_FACTS,
  NO_FACTS,
  NODE,
  WALL_MS,
  WORKER_FACTS,
} from './observations.ts';

const CONFIG = '/etc/kubernetes/civitas-kubeadm.yaml';
const DISCOVERY = '/etc/kubernetes/civitas-discovery.conf';
const KUBELET_CONF = '/etc/kubernetes/kubelet.conf';
const ETCD_DATA = '/var/lib/etcd/member';
const CUT_OFF = { running: true, listsOwnServer: true, reachesOthers: false };
const FORMER = { clusterId: CLUSTER, nodeId: NODE, incarnation: 1, operationId: 'join-worker-0' };
const FAILED = { phase: 'ended', outcome: 'failed', reason: 'exit 1' } as const;

const restart: Action = { type: 'restart-kubelet', command: 'kubeadm-1-join-control-plane-1' };

/** `kubeadm join` runs on a control plane whose own API server answers. */
function joining(change: Partial<Observed>, failures = 0): Observed {
  return assigned(
    'join-control-plane',
    { state: 'running', failures },
    {
      command: { phase: 'running' },
      facts: { ...NO_FACTS, hostsControlPlane: true, apiServerReady: true },
      ...change,
    },
  );
}

/** What is done; of an entry only the state it records. */
function done(input: Observed) {
  return decide(input)
    .filter(({ type }) => type !== 'report' && type !== 'requeue')
    .map((action) => (action.type === 'record' ? recorded(action) : action));
}

function recorded({ operation }: Action & { type: 'record' }) {
  return { record: readProgress(operation.snapshot)?.state };
}

interface Row {
  readonly when: string;
  readonly input: Observed;
  readonly does: readonly unknown[];
}

describe('kubeadm.decide on an init or join', () => {
  test.each<Row>([
    {
      when: 'it is asked for the first time',
      input: assigned('join-worker', undefined, { handover: 'absent' }),
      does: [{ record: 'intended' }],
    },
    {
      when: 'its load balancer does not run yet',
      input: assigned('join-worker', undefined, {
        balancer: { running: false, listsOwnServer: false, reachesOthers: false },
      }),
      does: [],
    },
    {
      when: 'no API server answers a join',
      input: assigned('join-worker', undefined, { balancer: CUT_OFF }),
      does: [],
    },
    {
      when: 'no API server answers an init, as it is the first',
      input: assigned('init', undefined, { balancer: CUT_OFF }),
      does: [{ record: 'intended' }],
    },
    {
      when: 'keys and token did not come yet',
      input: assigned('join-worker', { state: 'intended' }, { handover: 'absent' }),
      does: [],
    },
    {
      when: 'all is ready: the start is recorded before it happens',
      input: assigned('init', { state: 'intended' }, { handover: 'absent' }),
      does: [
        { type: 'write-files', assignment: expect.objectContaining({ task: 'init' }) },
        { type: 'announce-command', name: 'kubeadm-1-init' },
        { record: 'running' },
        {
          type: 'start-command',
          name: 'kubeadm-1-init',
          argv: [
            'kubeadm',
            'init',
            '--config',
            CONFIG,
            '--skip-token-print',
            '--skip-certificate-key-print',
          ],
        },
      ],
    },
    {
      when: 'the agent died between the entry and the start: nothing was tried',
      input: assigned('init', { state: 'running' }, { command: { phase: 'announced' } }),
      does: [{ record: 'intended' }],
    },
    {
      when: 'nothing was started, they say, and something of kubeadm is there',
      input: assigned(
        'init',
        { state: 'running' },
        { command: { phase: 'announced' }, residue: [KUBELET_CONF] },
      ),
      does: [{ record: 'verifying' }],
    },
    {
      when: 'nothing was started, and all that it takes is there',
      input: assigned(
        'init',
        { state: 'running' },
        {
          command: { phase: 'announced' },
          residue: [KUBELET_CONF],
          facts: CONTROL_PLANE_FACTS,
        },
      ),
      does: [
        { type: 'sync-files' },
        { type: 'remove-files', paths: [CONFIG, DISCOVERY] },
        { type: 'forget-command', name: 'kubeadm-1-init' },
        { record: 'succeeded' },
      ],
    },
    {
      when: 'the machine was booted between the entry and the start, or right after it',
      input: assigned('join-worker', { state: 'running' }),
      does: [{ record: 'verifying' }],
    },
    {
      when: 'a command vanished and left nothing that could prove anything',
      input: assigned('init', { state: 'verifying', outcome: 'vanished' }),
      does: [{ record: 'failed' }],
    },
    {
      when: 'the command runs, even when everything looks done',
      input: assigned(
        'join-worker',
        { state: 'running' },
        {
          command: { phase: 'running' },
          residue: [KUBELET_CONF],
          facts: WORKER_FACTS,
        },
      ),
      does: [],
    },
    {
      when: 'kubeadm just wrote what its member of etcd needs after a power cut',
      input: assigned(
        'join-control-plane',
        { state: 'running' },
        { command: { phase: 'running' }, listedForMs: 1_400 },
      ),
      does: [{ type: 'sync-files' }],
    },
    {
      when: 'kubeadm wrote nothing new for a while',
      input: assigned(
        'join-control-plane',
        { state: 'running' },
        { command: { phase: 'running' }, listedForMs: 1_500 },
      ),
      does: [],
    },
    {
      when: 'the kubelet asks for its certificate ever more seldom, and can have it now',
      input: joining({ kubelet: { runsForMs: 7_000, restarted: false } }),
      does: [restart],
    },
    {
      when: 'the same while what the log says may be old: the command runs here',
      input: joining({ kubelet: { runsForMs: 9_000, restarted: false }, synced: false }),
      does: [restart],
    },
    {
      when: 'the kubelet was started a moment ago, as when the agent restarted after it',
      input: joining({ kubelet: { runsForMs: 6_900, restarted: false } }),
      does: [],
    },
    {
      when: 'the kubelet was restarted for this attempt, and still has no certificate',
      input: joining({ kubelet: { runsForMs: 20_000, restarted: true } }),
      does: [],
    },
    {
      when: 'the API server that the kubelet asks does not answer yet',
      input: joining({ kubelet: { runsForMs: 20_000, restarted: false }, facts: NO_FACTS }),
      does: [],
    },
    {
      when: 'the second attempt runs: it is another command',
      input: joining({ kubelet: { runsForMs: 9_000, restarted: false } }, 1),
      does: [{ type: 'restart-kubelet', command: 'kubeadm-2-join-control-plane-1' }],
    },
    {
      when: 'a power cut took the credentials of the kubelet that starts a member of etcd',
      input: assigned(
        'join-control-plane',
        { state: 'verifying', outcome: 'vanished' },
        { residue: [ETCD_DATA], kubeletStranded: true, inStateForMs: 119_000 },
      ),
      does: [{ type: 'restore-bootstrap' }],
    },
    {
      when: 'it took them for good, and etcd has its quorum without this member',
      input: assigned(
        'join-control-plane',
        { state: 'verifying', outcome: 'vanished' },
        { residue: [ETCD_DATA], kubeletStranded: true, inStateForMs: 120_000 },
      ),
      does: [{ record: 'failed' }],
    },
    {
      when: 'it took them, and no other API server answers as etcd waits for this member',
      input: assigned(
        'join-control-plane',
        { state: 'verifying', outcome: 'vanished' },
        {
          residue: [ETCD_DATA],
          kubeletStranded: true,
          inStateForMs: 600_000,
          balancer: CUT_OFF,
        },
      ),
      does: [{ type: 'restore-bootstrap' }],
    },
    {
      when: 'the command failed and the proof is missing',
      input: assigned('join-worker', { state: 'running' }, { command: FAILED }),
      does: [{ record: 'verifying' }],
    },
    {
      when: 'the command failed and the proof is there (fault 17)',
      input: assigned(
        'join-control-plane',
        { state: 'running' },
        {
          command: FAILED,
          residue: [KUBELET_CONF],
          facts: CONTROL_PLANE_FACTS,
        },
      ),
      does: [
        { type: 'sync-files' },
        { type: 'remove-files', paths: [CONFIG, DISCOVERY] },
        { type: 'forget-command', name: 'kubeadm-1-join-control-plane-1' },
        { record: 'succeeded' },
      ],
    },
    {
      when: 'the agent died between success and its entry (fault 12)',
      input: assigned(
        'init',
        { state: 'running' },
        {
          command: { phase: 'absent' },
          residue: [KUBELET_CONF],
          facts: CONTROL_PLANE_FACTS,
        },
      ),
      does: [
        { type: 'sync-files' },
        { type: 'remove-files', paths: [CONFIG, DISCOVERY] },
        { type: 'forget-command', name: 'kubeadm-1-init' },
        { record: 'succeeded' },
      ],
    },
    {
      when: 'everything looks done and a power cut took a file that it takes',
      input: assigned(
        'join-worker',
        { state: 'verifying', outcome: 'vanished' },
        {
          inStateForMs: 120_000,
          residue: [KUBELET_CONF],
          facts: WORKER_FACTS,
          missingFile: '/var/lib/kubelet/config.yaml',
        },
      ),
      does: [{ record: 'failed' }],
    },
    {
      when: 'the machine was booted while kubeadm ran',
      input: assigned('init', { state: 'running' }, { residue: [KUBELET_CONF] }),
      does: [{ record: 'verifying' }],
    },
    {
      when: 'the proof may still come',
      input: assigned(
        'init',
        { state: 'verifying', outcome: 'vanished' },
        { residue: [KUBELET_CONF], inStateForMs: 119_000 },
      ),
      does: [],
    },
    {
      when: 'the proof did not come after a failure',
      input: assigned(
        'join-worker',
        { state: 'verifying', outcome: 'failed' },
        { inStateForMs: 15_000, residue: [KUBELET_CONF] },
      ),
      does: [{ record: 'failed' }],
    },
    {
      when: 'the proof did not come after exit code 0 (fault 16)',
      input: assigned(
        'join-worker',
        { state: 'verifying', outcome: 'succeeded' },
        { inStateForMs: 300_000, residue: [KUBELET_CONF] },
      ),
      does: [{ record: 'failed' }],
    },
    {
      when: 'the cluster is out of reach, so that a missing proof proves nothing',
      input: assigned(
        'join-worker',
        { state: 'verifying', outcome: 'failed' },
        {
          inStateForMs: 60_000,
          residue: [KUBELET_CONF],
          balancer: CUT_OFF,
          facts: { ...NO_FACTS, node: 'unknown' },
        },
      ),
      does: [],
    },
    {
      when: 'it backs off',
      input: assigned('join-worker', { state: 'failed', failures: 3 }, { inStateForMs: 19_000 }),
      does: [],
    },
    {
      when: 'it backed off',
      input: assigned('join-worker', { state: 'failed', failures: 3 }, { inStateForMs: 20_000 }),
      does: [{ record: 'resetting' }],
    },
    {
      when: 'it backs off for as long as the spec says',
      input: assigned(
        'join-worker',
        { state: 'failed', failures: 3 },
        { inStateForMs: 119_999, retry: { attempts: 5, afterSeconds: 30 } },
      ),
      does: [],
    },
    {
      when: 'it backed off for as long as the spec says',
      input: assigned(
        'join-worker',
        { state: 'failed', failures: 3 },
        { inStateForMs: 120_000, retry: { attempts: 5, afterSeconds: 30 } },
      ),
      does: [{ record: 'resetting' }],
    },
    {
      when: 'the proof came while it backed off',
      input: assigned(
        'join-worker',
        { state: 'failed', failures: 1 },
        { residue: [KUBELET_CONF], facts: WORKER_FACTS },
      ),
      does: [
        { type: 'sync-files' },
        { type: 'remove-files', paths: [CONFIG, DISCOVERY] },
        { type: 'forget-command', name: 'kubeadm-1-join-worker-1' },
        { record: 'succeeded' },
      ],
    },
    {
      when: 'it gave up',
      input: assigned('join-worker', { state: 'gave-up', failures: 5, reason: 'exit 1' }),
      does: [],
    },
    {
      when: 'a former operation failed and left something',
      input: assigned(
        'join-worker',
        { state: 'intended' },
        {
          marker: FORMER,
          formerOperation: 'ended',
          residue: [KUBELET_CONF],
        },
      ),
      does: [{ record: 'resetting' }],
    },
    {
      when: 'a former operation still runs its command',
      input: assigned('join-worker', undefined, { marker: FORMER, formerOperation: 'running' }),
      does: [],
    },
    {
      when: 'the host serves by a former operation',
      input: assigned('join-control-plane', undefined, {
        marker: FORMER,
        formerOperation: 'succeeded',
        residue: [KUBELET_CONF],
        facts: WORKER_FACTS,
      }),
      does: [],
    },
    {
      when: 'the host is Ready by an operation that the log forgot',
      input: assigned(
        'join-control-plane',
        { state: 'intended' },
        {
          marker: FORMER,
          formerOperation: 'ended',
          residue: [KUBELET_CONF],
          facts: WORKER_FACTS,
        },
      ),
      does: [],
    },
    {
      when: 'it already is what a new operation asks for',
      input: assigned(
        'join-worker',
        { state: 'intended' },
        {
          marker: FORMER,
          formerOperation: 'succeeded',
          residue: [KUBELET_CONF],
          facts: WORKER_FACTS,
        },
      ),
      does: [
        { type: 'sync-files' },
        { type: 'remove-files', paths: [CONFIG, DISCOVERY] },
        { type: 'forget-command', name: 'kubeadm-1-join-worker-1' },
        { record: 'succeeded' },
      ],
    },
  ])('when $when', ({ input, does }) => {
    expect(done(input)).toEqual(does);
  });

  test('counts what was never started as no attempt', () => {
    const failedTwice = { state: 'running', failures: 2 } as const;
    const next = decide(assigned('init', failedTwice, { command: { phase: 'announced' } })).flatMap(
      (action) => (action.type === 'record' ? [readProgress(action.operation.snapshot)] : []),
    );
    expect(next).toEqual([{ state: 'intended', failures: 2, outcome: null, reason: null }]);
  });

  test('writes its entry by compare-and-swap on the one it read', () => {
    const revisions = [undefined, { state: 'failed', failures: 1 } as const].map((progress) =>
      decide(assigned('join-worker', progress, { inStateForMs: 60_000 }))
        .filter(({ type }) => type === 'record')
        .map((action) => 'ifRevision' in action && action.ifRevision),
    );
    expect(revisions).toEqual([[0], [40]]);
  });

  test('says why it failed and that it goes on', () => {
    const progress = { state: 'failed', failures: 2, reason: 'no route to host' } as const;
    expect(decide(assigned('join-worker', progress))).toMatchObject([
      {
        type: 'report',
        status: {
          phase: 'installing',
          waiting: {
            reason: 'kubeadm-failed',
            message:
              'kubeadm failed 2 times (join-worker); this host is cleaned and it is tried again: no route to host',
          },
        },
      },
      { type: 'requeue', afterMs: 10_000 },
    ]);
  });

  test('names both clocks when the token that came ends too early or too late', () => {
    const handover = { endsWallMs: WALL_MS, sponsor: 'n1' };
    const input = assigned('join-worker', { state: 'intended' }, { handover, inStateForMs: 2_000 });
    expect(decide(input).at(-1)).toEqual({
      type: 'requeue',
      afterMs: 5_000,
      waiting: {
        reason: 'clock',
        message:
          'the token from n1 lives for 15 minutes and ends at 2023-11-14T22:13:20.000Z, which is too early or too late by the clock of this host: n1 makes another every 10 minutes, and if this stays, the clock of this host or of n1 is wrong: set it right (`timedatectl set-ntp true`)',
      },
    });
  });

  test('looks twice a second while the kubelet may have to be restarted', () => {
    const waits = joining({ kubelet: { runsForMs: 5_000, restarted: false }, facts: NO_FACTS });
    expect(decide(waits).at(-1)).toEqual({ type: 'requeue', afterMs: 500 });
    const waited = joining({ kubelet: { runsForMs: 5_000, restarted: true } });
    expect(decide(waited).at(-1)).toEqual({ type: 'requeue', afterMs: 1_000 });
  });

  test('looks every second while a command runs', () => {
    const input = assigned('init', { state: 'running' }, { command: { phase: 'running' } });
    expect(decide(input).at(-1)).toEqual({ type: 'requeue', afterMs: 1_000 });
  });
});
