import { describe, expect, test } from '@jest/globals';
import { observeFiles } from '../../../src/controllers/kubeadm/observe-files.ts';
import { FIRST_PROGRESS, type Progress } from '../../../src/machines/operation-progress.ts';
import { createVirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { createWorld } from '../../../src/simulation/world.ts';
import type { Task } from '../../../src/state/assignment.ts';
import type { KubernetesFacts } from '../../../src/state/kubernetes-facts.ts';
import { assignmentFor, CONTROL_PLANE_FACTS, NO_FACTS, WORKER_FACTS } from './observations.ts';

const KUBELET_CONF = '/etc/kubernetes/kubelet.conf';
const BOOTSTRAP_CONF = '/etc/kubernetes/bootstrap-kubelet.conf';
const WORKER = {
  [KUBELET_CONF]: 'kubeconfig',
  '/var/lib/kubelet/config.yaml': 'configuration',
  '/var/lib/kubelet/kubeadm-flags.env': 'flags',
  '/var/lib/kubelet/pki/kubelet-client-current.pem': 'certificate',
};
const VANISHED = { state: 'verifying', outcome: 'vanished' } as const;

interface Row {
  readonly when: string;
  readonly files: Readonly<Record<string, string>>;
  readonly task: Task;
  readonly progress: Partial<Progress>;
  readonly facts: KubernetesFacts;
  readonly etcd?: readonly string[];
  readonly seen: Partial<Awaited<ReturnType<typeof observeFiles>>>;
}

async function seen({ files, task, progress, facts, etcd = ['member'] }: Row) {
  const world = createWorld({ clock: createVirtualClock() });
  world.addHost({ hostname: 'n1', address: '10.88.0.1' });
  const host = world.hostPorts('n1').files;
  for (const [path, content] of Object.entries(files)) await host.write(path, content, 0o600);
  return observeFiles(host, {
    assignment: assignmentFor(task),
    progress: { ...FIRST_PROGRESS, ...progress },
    listing: { kubernetes: [], manifests: ['etcd.yaml'], pki: [], etcd, parked: [] },
    facts,
  });
}

describe('the files of an installation', () => {
  test.each<Row>([
    {
      when: 'a worker has all',
      files: WORKER,
      task: 'join-worker',
      progress: VANISHED,
      facts: WORKER_FACTS,
      seen: { missingFile: undefined },
    },
    {
      when: 'a file of a worker is empty',
      files: { ...WORKER, '/var/lib/kubelet/config.yaml': '' },
      task: 'join-worker',
      progress: VANISHED,
      facts: WORKER_FACTS,
      seen: { missingFile: '/var/lib/kubelet/config.yaml' },
    },
    {
      when: 'a control plane has only what a worker has',
      files: WORKER,
      task: 'join-control-plane',
      progress: VANISHED,
      facts: CONTROL_PLANE_FACTS,
      seen: { missingFile: '/etc/kubernetes/admin.conf' },
    },
    {
      when: 'nothing says that it is installed',
      files: {},
      task: 'join-worker',
      progress: VANISHED,
      facts: NO_FACTS,
      seen: { missingFile: undefined },
    },
    {
      when: 'it was proven long ago',
      files: {},
      task: 'join-worker',
      progress: { state: 'succeeded' },
      facts: WORKER_FACTS,
      seen: { missingFile: undefined },
    },
    {
      when: 'a member of etcd has a kubelet without credentials',
      files: { [KUBELET_CONF]: '' },
      task: 'join-control-plane',
      progress: VANISHED,
      facts: NO_FACTS,
      seen: { kubeletStranded: true },
    },
    {
      when: 'a member of etcd has a kubelet without certificate',
      files: { [KUBELET_CONF]: 'kubeconfig' },
      task: 'join-control-plane',
      progress: VANISHED,
      facts: NO_FACTS,
      seen: { kubeletStranded: true },
    },
    {
      when: 'its kubelet has got its certificate',
      files: WORKER,
      task: 'join-control-plane',
      progress: VANISHED,
      facts: NO_FACTS,
      seen: { kubeletStranded: false },
    },
    {
      when: 'its kubelet has the token still',
      files: { [KUBELET_CONF]: '', [BOOTSTRAP_CONF]: 'token' },
      task: 'join-control-plane',
      progress: VANISHED,
      facts: NO_FACTS,
      seen: { kubeletStranded: false },
    },
    {
      when: 'its kubeadm may run still',
      files: {},
      task: 'join-control-plane',
      progress: { state: 'running' },
      facts: NO_FACTS,
      seen: { kubeletStranded: false },
    },
    {
      when: 'it has no data of etcd',
      files: {},
      task: 'join-control-plane',
      progress: VANISHED,
      facts: NO_FACTS,
      etcd: [],
      seen: { kubeletStranded: false },
    },
  ])('when $when', async (row) => {
    expect(await seen(row)).toMatchObject(row.seen);
  });
});
