import { describe, expect, test } from '@jest/globals';
import type { Action } from '../../../src/controllers/kubeadm/action.ts';
import { decide } from '../../../src/controllers/kubeadm/decide.ts';
import type { Command, Observed, RoleChange } from '../../../src/controllers/kubeadm/observed.ts';
import { type Progress, readProgress } from '../../../src/machines/operation-progress.ts';
import type { KubernetesFacts } from '../../../src/state/kubernetes-facts.ts';
import {
  assigned,
  CLUSTER,
  CONTROL_PLANE_FACTS,
  NO_FACTS,
  NODE,
  WORKER_FACTS,
} from './observations.ts';

const KUBELET_CONF = '/etc/kubernetes/kubelet.conf';
const MANIFEST = '/etc/kubernetes/manifests/etcd.yaml';
const PARKED = '/etc/kubernetes/civitas-parked/etcd.yaml';
const ETCD_DATA = '/var/lib/etcd/member';
const ADMIN_CONF = '/etc/kubernetes/admin.conf';
const CONFIG = '/etc/kubernetes/civitas-kubeadm.yaml';
const DISCOVERY = '/etc/kubernetes/civitas-discovery.conf';

const ABSENT: Command = { phase: 'absent' };
const RUNS: Command = { phase: 'running' };
const WELL: Command = { phase: 'ended', outcome: 'succeeded', reason: '' };
const FAILED: Command = { phase: 'ended', outcome: 'failed', reason: 'exit 1' };
const DONE = { isDone: true, by: 'n1', why: undefined };
const CUT_OFF = { running: true, listsOwnServer: true, reachesOthers: false };
const FORMER = { clusterId: CLUSTER, nodeId: NODE, incarnation: 1, operationId: 'former-1' };

const CHANGE: RoleChange = {
  departure: { isDone: false, by: 'n1', why: undefined },
  phases: [ABSENT, ABSENT, ABSENT, ABSENT, ABSENT],
  manifests: [],
  processes: [],
  remains: [],
  kubeletBalanced: true,
  kubeletRunsForMs: 60_000,
  hasPodNetwork: false,
};

/** A worker or control plane that serves by a former operation, and is asked for another role. */
function serving(
  task: 'promote' | 'demote' | 'retire',
  progress: Partial<Progress> | undefined,
  change: Partial<Omit<Observed, 'roleChange'>> & {
    readonly roleChange?: Partial<RoleChange>;
  } = {},
): Observed {
  const { roleChange = {}, ...rest } = change;
  const begun = progress !== undefined && progress.state !== 'intended';
  const facts: KubernetesFacts = task === 'promote' ? WORKER_FACTS : CONTROL_PLANE_FACTS;
  return assigned(task, progress, {
    residue: task === 'promote' ? [KUBELET_CONF] : [KUBELET_CONF, MANIFEST, ETCD_DATA],
    ...(begun ? {} : { marker: FORMER, formerOperation: 'succeeded' as const }),
    facts,
    ...rest,
    roleChange: { ...CHANGE, ...roleChange },
  });
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

function waitsFor(input: Observed) {
  return decide(input).flatMap((action) =>
    action.type === 'requeue' && action.waiting ? [action.waiting.reason] : [],
  );
}

function phase(number: number, ...words: readonly string[]) {
  const argv = ['kubeadm', 'join', 'phase', ...words, '--config', CONFIG];
  return { type: 'start-command', name: `phase${number}-1-promote-1`, argv };
}

interface Row {
  readonly when: string;
  readonly input: Observed;
  readonly does: readonly unknown[];
  readonly waits?: string;
}

const promoting = (phases: readonly Command[], change: Partial<Observed> = {}) =>
  serving('promote', { state: 'running' }, { ...change, roleChange: { phases } });

describe('kubeadm.decide on a promotion', () => {
  test.each<Row>([
    {
      when: 'a worker is asked',
      input: serving('promote', undefined),
      does: [{ record: 'intended' }],
    },
    {
      when: 'no API server answers',
      input: serving('promote', undefined, { balancer: CUT_OFF }),
      does: [],
      waits: 'api-server',
    },
    {
      when: 'the command of its former operation runs',
      input: serving('promote', undefined, { formerOperation: 'running' }),
      does: [],
    },
    {
      when: 'what stands there is of an earlier life of the node',
      input: serving('promote', undefined, { marker: { ...FORMER, nodeId: 'zzzzzzzzzzz' } }),
      does: [],
      waits: 'role-change',
    },
    {
      when: 'the host is a control plane that does not serve as one',
      input: serving('promote', undefined, {
        facts: { ...WORKER_FACTS, hostsControlPlane: true },
      }),
      does: [],
      waits: 'role-change',
    },
    {
      when: 'keys did not come yet',
      input: serving('promote', { state: 'intended' }, { handover: 'absent', inStateForMs: 5_000 }),
      does: [],
      waits: 'handover',
    },
    {
      when: 'keys are there: the start is recorded before it happens',
      input: serving('promote', { state: 'intended' }),
      does: [
        { type: 'write-files', assignment: expect.objectContaining({ task: 'promote' }) },
        { record: 'running' },
        phase(1, 'control-plane-prepare', 'certs'),
      ],
    },
    {
      when: 'no kubelet stands there to build upon',
      input: serving('promote', { state: 'intended' }, { residue: [], facts: NO_FACTS }),
      does: [{ record: 'failed' }],
    },
    {
      when: 'the worker never served, and is not Ready',
      input: serving(
        'promote',
        { state: 'intended' },
        { formerOperation: 'ended', facts: NO_FACTS },
      ),
      does: [{ record: 'failed' }],
    },
    {
      when: 'a demotion was left half done',
      input: serving(
        'promote',
        { state: 'intended' },
        { formerOperation: 'ended', facts: { ...WORKER_FACTS, hostsControlPlane: true } },
      ),
      does: [{ record: 'failed' }],
    },
    {
      when: 'it serves as control plane already',
      input: serving('promote', { state: 'intended' }, { facts: CONTROL_PLANE_FACTS }),
      does: [
        { type: 'sync-files' },
        { type: 'remove-files', paths: [CONFIG, DISCOVERY] },
        { type: 'forget-command', name: 'kubeadm-1-promote-1' },
        ...[1, 2, 3, 4, 5].map((number) => ({
          type: 'forget-command',
          name: `phase${number}-1-promote-1`,
        })),
        { record: 'succeeded' },
      ],
    },
    { when: 'a phase runs', input: promoting([RUNS, ABSENT, ABSENT, ABSENT, ABSENT]), does: [] },
    {
      when: 'a phase runs that may make etcd need this host',
      input: promoting([WELL, WELL, RUNS, ABSENT, ABSENT], { listedForMs: 0 }),
      does: [{ type: 'sync-files' }],
    },
    {
      when: 'a phase ended well',
      input: promoting([WELL, ABSENT, ABSENT, ABSENT, ABSENT]),
      does: [phase(2, 'control-plane-prepare', 'kubeconfig')],
    },
    {
      when: 'no API server answers between two phases',
      input: promoting([WELL, ABSENT, ABSENT, ABSENT, ABSENT], { balancer: CUT_OFF }),
      does: [],
      waits: 'api-server',
    },
    {
      when: 'etcd is next',
      input: promoting([WELL, WELL, ABSENT, ABSENT, ABSENT]),
      does: [phase(3, 'etcd-join')],
    },
    {
      when: 'etcd is next, and votes since before a boot',
      input: promoting([WELL, WELL, ABSENT, ABSENT, ABSENT], {
        facts: { ...WORKER_FACTS, etcdMember: 'voter' },
      }),
      does: [phase(4, 'control-plane-prepare', 'control-plane')],
    },
    {
      when: 'a boot took all units',
      input: promoting([ABSENT, ABSENT, ABSENT, ABSENT, ABSENT]),
      does: [phase(1, 'control-plane-prepare', 'certs')],
    },
    {
      when: 'the last phase is next',
      input: promoting([WELL, WELL, WELL, WELL, ABSENT]),
      does: [phase(5, 'control-plane-join', 'mark-control-plane')],
    },
    {
      when: 'all looks well while the last phase runs',
      input: promoting([WELL, WELL, WELL, WELL, RUNS], { facts: CONTROL_PLANE_FACTS }),
      does: [],
    },
    {
      when: 'a phase failed',
      input: promoting([WELL, WELL, FAILED, ABSENT, ABSENT]),
      does: [{ record: 'verifying' }],
    },
    {
      when: 'all phases ended well, and its API server is not ready yet',
      input: promoting([WELL, WELL, WELL, WELL, WELL]),
      does: [{ record: 'verifying' }],
    },
    {
      when: 'nothing proves it in time: its token goes, and nothing else',
      input: serving(
        'promote',
        { state: 'verifying', outcome: 'failed' },
        { facts: { ...WORKER_FACTS, etcdMember: 'voter' }, inStateForMs: 15_000 },
      ),
      does: [
        { type: 'remove-files', paths: [CONFIG, DISCOVERY] },
        { type: 'forget-command', name: 'kubeadm-1-promote-1' },
        ...[1, 2, 3, 4, 5].map((number) => ({
          type: 'forget-command',
          name: `phase${number}-1-promote-1`,
        })),
        { record: 'failed' },
      ],
    },
    {
      when: 'it failed long ago: its pods run on until it is drained',
      input: serving(
        'promote',
        { state: 'failed', failures: 1 },
        { facts: { ...WORKER_FACTS, etcdMember: 'voter' }, inStateForMs: 3_600_000 },
      ),
      does: [],
      waits: 'promotion-failed',
    },
    {
      when: 'it failed, and serves all the same',
      input: serving('promote', { state: 'failed', failures: 1 }, { facts: CONTROL_PLANE_FACTS }),
      does: [
        { type: 'sync-files' },
        { type: 'remove-files', paths: [CONFIG, DISCOVERY] },
        { type: 'forget-command', name: 'kubeadm-1-promote-1' },
        ...[1, 2, 3, 4, 5].map((number) => ({
          type: 'forget-command',
          name: `phase${number}-1-promote-1`,
        })),
        { record: 'succeeded' },
      ],
    },
  ])('when $when', ({ input, does, waits }) => {
    expect([done(input), waitsFor(input)]).toEqual([does, waits ? [waits] : []]);
  });

  test('runs the phase that a minor before 1.33 has for etcd', () => {
    const input = promoting([WELL, WELL, ABSENT, ABSENT, ABSENT]);
    const { assignment } = input;
    const older = assignment && { ...assignment, kubernetesVersion: 'v1.32.9' };
    expect(done({ ...input, assignment: older })).toEqual([phase(3, 'control-plane-join', 'etcd')]);
  });
});

const demoting = (roleChange: Partial<RoleChange>, change: Partial<Observed> = {}) =>
  serving(
    'demote',
    { state: 'running' },
    { ...change, roleChange: { departure: DONE, ...roleChange } },
  );

describe('kubeadm.decide on a demotion', () => {
  test.each<Row>([
    {
      when: 'a control plane is asked',
      input: serving('demote', undefined),
      does: [{ record: 'intended' }],
    },
    {
      when: 'the cluster did not let go of it yet',
      input: serving('demote', { state: 'intended' }, { roleChange: { manifests: [MANIFEST] } }),
      does: [],
      waits: 'departure',
    },
    {
      when: 'the cluster let go of it: that it begins is recorded first',
      input: serving(
        'demote',
        { state: 'intended' },
        { roleChange: { departure: DONE, manifests: [MANIFEST], remains: [ADMIN_CONF] } },
      ),
      does: [
        { type: 'write-files', assignment: expect.objectContaining({ task: 'demote' }) },
        { record: 'running' },
      ],
    },
    {
      when: 'its manifests stand there',
      input: demoting({ manifests: [MANIFEST, PARKED], remains: [ADMIN_CONF] }),
      does: [{ type: 'remove-files', paths: [MANIFEST, PARKED] }],
    },
    {
      when: 'the log does not say any more that the cluster let go of it',
      input: demoting({ departure: CHANGE.departure, manifests: [MANIFEST] }),
      does: [],
      waits: 'departure',
    },
    {
      when: 'its processes still run',
      input: demoting({ processes: ['etcd'], remains: [ADMIN_CONF], kubeletBalanced: false }),
      does: [],
    },
    {
      when: 'its processes still run after half a minute',
      input: demoting({ processes: ['etcd'], remains: [ADMIN_CONF] }, { inStateForMs: 30_000 }),
      does: [],
      waits: 'control-plane-ends',
    },
    {
      when: 'its processes ended',
      input: demoting({ remains: [ADMIN_CONF, ETCD_DATA], kubeletBalanced: false }),
      does: [{ type: 'balance-kubelet' }, { type: 'remove-trees', paths: [ADMIN_CONF, ETCD_DATA] }],
    },
    {
      when: 'nobody would answer its kubelet',
      input: demoting({ remains: [ADMIN_CONF], kubeletBalanced: false }, { balancer: CUT_OFF }),
      does: [],
      waits: 'api-server',
    },
    {
      when: 'it died between the new kubeconfig and the restart',
      input: demoting({ remains: [ADMIN_CONF] }),
      does: [{ type: 'balance-kubelet' }, { type: 'remove-trees', paths: [ADMIN_CONF] }],
    },
    {
      when: 'its kubelet was started a moment ago',
      input: demoting({ kubeletRunsForMs: 500 }, { facts: WORKER_FACTS }),
      does: [],
    },
    {
      when: 'its kubelet does not run',
      input: demoting({ kubeletRunsForMs: undefined }, { facts: WORKER_FACTS }),
      does: [],
    },
    {
      when: 'its Node is not Ready for half a minute',
      input: demoting({}, { facts: NO_FACTS, inStateForMs: 30_000 }),
      does: [],
      waits: 'worker-not-ready',
    },
    {
      when: 'it is a Ready worker',
      input: demoting({}, { facts: WORKER_FACTS }),
      does: [
        { type: 'sync-files' },
        { type: 'remove-files', paths: [CONFIG, DISCOVERY] },
        { type: 'forget-command', name: 'kubeadm-1-demote-1' },
        { record: 'succeeded' },
      ],
    },
  ])('when $when', ({ input, does, waits }) => {
    expect([done(input), waitsFor(input)]).toEqual([does, waits ? [waits] : []]);
  });
});

const RESET = {
  type: 'start-command',
  name: 'reset-0-retire-1',
  argv: [
    'kubeadm',
    'reset',
    '--force',
    '--cleanup-tmp-dir',
    '--cri-socket',
    'unix:///run/containerd/containerd.sock',
    '--skip-phases=remove-etcd-member',
  ],
};

const retiring = (state: Progress['state'], change: Parameters<typeof serving>[2] = {}) =>
  serving(
    'retire',
    { state },
    { ...change, roleChange: { departure: DONE, ...change.roleChange } },
  );

describe('kubeadm.decide on a retirement', () => {
  test.each<Row>([
    {
      when: 'a node is asked, whoever answers it',
      input: serving('retire', undefined, { balancer: CUT_OFF }),
      does: [{ record: 'intended' }],
    },
    {
      when: 'the cluster did not let go of it yet',
      input: serving('retire', { state: 'intended' }),
      does: [],
      waits: 'departure',
    },
    {
      when: 'the cluster let go of it',
      input: retiring('intended'),
      does: [{ record: 'resetting' }],
    },
    {
      when: 'the reset is recorded, whoever answers',
      input: retiring('resetting', {
        marker: FORMER,
        formerOperation: 'succeeded',
        balancer: CUT_OFF,
        facts: NO_FACTS,
      }),
      does: [RESET],
    },
    {
      when: 'its kubeadm made it a voter after the cluster had let go of it',
      input: retiring('resetting', { marker: FORMER, formerOperation: 'succeeded' }),
      does: [{ type: 'leave-etcd' }],
    },
    {
      when: 'the reset left what it does not know of',
      input: retiring('resetting', { residue: [ETCD_DATA, PARKED], reset: WELL }),
      does: [{ type: 'remove-trees', paths: [ETCD_DATA, PARKED] }],
    },
    {
      when: 'the reset left what it should not',
      input: retiring('resetting', { residue: [KUBELET_CONF, PARKED], reset: WELL }),
      does: [{ type: 'forget-command', name: 'reset-0-retire-1' }],
      waits: 'reset-incomplete',
    },
    {
      when: 'Kubernetes is gone from the host',
      input: retiring('resetting', { marker: FORMER, residue: [], reset: WELL, facts: NO_FACTS }),
      does: [
        { type: 'clear-pod-network' },
        { type: 'sync-files' },
        { type: 'remove-files', paths: expect.arrayContaining(['/etc/kubernetes/civitas.json']) },
        { type: 'forget-command', name: 'kubeadm-0-retire-1' },
        { type: 'forget-command', name: 'reset-0-retire-1' },
        { record: 'intended' },
      ],
    },
    {
      when: 'the pod network came back',
      input: retiring('intended', { residue: [], roleChange: { hasPodNetwork: true } }),
      does: [{ type: 'clear-pod-network' }],
    },
    {
      when: 'nothing is left',
      input: retiring('intended', { marker: undefined, residue: [], facts: NO_FACTS }),
      does: [{ record: 'succeeded' }],
    },
    { when: 'it is done', input: retiring('succeeded', { residue: [] }), does: [] },
  ])('when $when', ({ input, does, waits }) => {
    expect([done(input), waitsFor(input)]).toEqual([does, waits ? [waits] : []]);
  });

  test('tells what its sponsor waits for', () => {
    const departure = { isDone: false, by: 'n1', why: 'the pod web-1 can not be evicted' };
    const [requeue] = decide(
      serving('retire', { state: 'intended' }, { roleChange: { departure } }),
    ).filter((action) => action.type === 'requeue');
    expect(requeue?.waiting?.message).toBe(
      'waiting for n1 to take this host out of the cluster: the pod web-1 can not be evicted',
    );
  });

  test('ends as a spare', () => {
    const reports = decide(retiring('succeeded', { residue: [], facts: NO_FACTS })).flatMap(
      (action) => (action.type === 'report' ? [action.status] : []),
    );
    expect(reports).toMatchObject([{ phase: 'spare', operationId: 'retire-1', waiting: null }]);
  });
});

describe('kubeadm.decide on a control plane whose manifests are parked', () => {
  test('does nothing for an operation under way until they are back', () => {
    const input = assigned(
      'join-control-plane',
      { state: 'resetting', failures: 1 },
      { residue: [KUBELET_CONF, PARKED], facts: NO_FACTS },
    );
    expect(done(input)).toEqual([]);
  });
});
