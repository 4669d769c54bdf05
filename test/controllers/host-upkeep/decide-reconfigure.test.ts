import { describe, expect, test } from '@jest/globals';
import { reconfigure } from '../../../src/controllers/host-upkeep/decide-reconfigure.ts';
import type { Job } from '../../../src/controllers/host-upkeep/job.ts';
import type { Sight } from '../../../src/controllers/host-upkeep/observed.ts';
import type { Work } from '../../../src/controllers/host-upkeep/work.ts';
import { FIRST_UPKEEP_PROGRESS } from '../../../src/machines/upkeep-progress.ts';
import { orderOf } from '../../support/upkeep-bench.ts';

const DIGEST = 'd'.repeat(64);
const FOLDER = '/opt/k8s/v1.34.4';

type ConfigMaps = NonNullable<Sight['configuration']>['configMaps'];

interface Given {
  readonly state?: Job['progress']['state'];
  readonly isControlPlane?: boolean;
  readonly configMaps?: ConfigMaps;
  readonly touchesStaticPods?: boolean;
  readonly sight?: Partial<Sight>;
}

function workIn({
  state = 'intended',
  isControlPlane = true,
  configMaps = 'same',
  touchesStaticPods = false,
  sight,
}: Given) {
  const order = orderOf(1, 'reconfigure');
  const { operationId, task, kubernetesVersion } = order;
  const work = {
    order,
    takesOver: false,
    parts: { kubelet: kubernetesVersion },
    job: {
      operationId,
      task,
      kubernetesVersion,
      startedWallMs: 0,
      before: null,
      touchesStaticPods,
      progress: { ...FIRST_UPKEEP_PROGRESS, state },
    },
    sight: {
      presence: { folder: FOLDER, problem: null },
      configuration: { digest: DIGEST, configMaps, touchesStaticPods },
      isParked: false,
      formerRuns: false,
      isControlPlane,
      isDrained: true,
      apiServers: [],
      etcdTrouble: null,
      ignorePreflightErrors: [],
      command: { phase: 'absent' },
      tornFiles: [],
      mirrorPods: [],
      trouble: null,
      untold: null,
      goodLooks: 0,
      nextLookInMs: 1_000,
      inStateForMs: 0,
      ...sight,
    },
  };
  // What a reconfiguration does not look at is left out.
  return work as unknown as Work;
}

/** So many of the three commands that render manifests have ended. */
function rendered(
  ended: number,
  manifests: NonNullable<Sight['render']>['manifests'],
): Partial<Sight> {
  const done = { phase: 'ended', outcome: 'succeeded', reason: '', output: '' } as const;
  const commands = [0, 1, 2].map((index) =>
    index < ended ? done : ({ phase: 'absent' } as const),
  );
  return { render: { commands, manifests } };
}

function told(given: Given) {
  const { waiting, actions } = reconfigure(workIn(given));
  return { waiting: waiting?.reason, actions: actions.map(({ type }) => type) };
}

const begins = ['save-files', 'keep-job', 'start-command'];
const finishes = ['sync-files', 'forget-command', 'keep-job', 'remove-tree'];
const tidies = ['forget-command', 'forget-command', 'forget-command', 'remove-tree'];

describe('a node that is to take up another configuration', () => {
  test.each<{ when: string; given: Given; waiting?: string; actions: readonly string[] }>([
    { when: 'the ConfigMaps say so already', given: {}, actions: begins },
    {
      when: 'the ConfigMaps say something else',
      given: { configMaps: 'different' },
      actions: ['write-config-maps'],
    },
    {
      when: 'nobody tells what the ConfigMaps say',
      given: { configMaps: 'unknown' },
      waiting: 'api-server',
      actions: [],
    },
    {
      when: 'a ConfigMap is gone',
      given: { configMaps: 'broken' },
      waiting: 'config-maps',
      actions: [],
    },
    {
      when: 'etcd can not do without its member here, before anything is written',
      given: { configMaps: 'different', sight: { etcdTrouble: 'a member is silent' } },
      waiting: 'etcd-not-healthy',
      actions: [],
    },
    {
      when: 'it has yet to give its pods away',
      given: { configMaps: 'different', sight: { isDrained: false } },
      waiting: 'drain',
      actions: [],
    },
    {
      when: 'it is a worker, which may not ask for them',
      given: { isControlPlane: false, configMaps: 'not-asked' },
      actions: begins,
    },
    {
      when: 'it was begun, the ConfigMaps do not matter any more',
      given: { state: 'running', configMaps: 'different', sight: { apiServerReady: true } },
      actions: ['start-command'],
    },
    {
      when: 'kubeadm wrote its files',
      given: { state: 'switching' },
      actions: ['sync-files', 'restart-kubelet', 'restart-kube-proxy', 'keep-job'],
    },
    {
      when: 'it does not come up, all is put back',
      given: { state: 'rolling-back' },
      actions: ['put-files-back', 'sync-files', 'restart-kubelet', 'forget-command', 'keep-job'],
    },
    {
      when: 'static pods that were swapped do not come up, all goes back the same way',
      given: { state: 'rolling-back', touchesStaticPods: true, sight: { isChanged: true } },
      actions: [
        'stop-static-pods',
        'put-files-back',
        'sync-files',
        'restart-kubelet',
        'forget-command',
        ...tidies,
        'keep-job',
      ],
    },
    {
      when: 'nine looks were good',
      given: { state: 'verifying', sight: { goodLooks: 9 } },
      actions: [],
    },
    {
      when: 'ten looks were good',
      given: { state: 'verifying', sight: { goodLooks: 10 } },
      actions: finishes,
    },
    {
      when: 'ten looks were good, and its kubelet has yet to say so of all parts',
      given: {
        state: 'verifying',
        sight: { goodLooks: 10, untold: 'its kubelet does not say yet that etcd is Ready' },
      },
      actions: [],
    },
    {
      when: 'its kubelet does not say so for five minutes',
      given: {
        state: 'verifying',
        sight: { goodLooks: 99, untold: 'its kubelet is silent', inStateForMs: 300_000 },
      },
      actions: ['keep-job'],
    },
    {
      when: 'ten looks were good after its static pods were swapped',
      given: { state: 'verifying', touchesStaticPods: true, sight: { goodLooks: 10 } },
      actions: ['sync-files', 'forget-command', ...tidies, 'keep-job', 'remove-tree'],
    },
    {
      when: 'five looks were good on a worker',
      given: { state: 'verifying', isControlPlane: false, sight: { goodLooks: 5 } },
      actions: [],
    },
    {
      when: 'six looks were good on a worker',
      given: { state: 'verifying', isControlPlane: false, sight: { goodLooks: 6 } },
      actions: finishes,
    },
    {
      when: 'etcd is led from here, and none of it ends',
      given: { sight: { etcdHeir: 'm2' } },
      actions: begins,
    },
    {
      when: 'etcd is led from here, and is about to end',
      given: { touchesStaticPods: true, sight: { etcdHeir: 'm2' } },
      actions: ['move-etcd-leader', 'save-files', 'keep-job'],
    },
    {
      when: 'its static pods are to be made anew, and nothing is rendered yet',
      given: { state: 'rendering', touchesStaticPods: true, sight: rendered(0, 'missing') },
      actions: ['start-command'],
    },
    {
      when: 'their manifests are rendered, and differ',
      given: { state: 'rendering', touchesStaticPods: true, sight: rendered(3, 'different') },
      actions: ['sync-files', 'keep-job'],
    },
  ])('when $when', ({ given, waiting, actions }) => {
    expect(told(given)).toEqual({ waiting, actions });
  });

  test('keeps what it is brought to before kubeadm runs', () => {
    const { actions } = reconfigure(workIn({}));
    expect(actions).toContainEqual(
      expect.objectContaining({ job: expect.objectContaining({ configurationDigest: DIGEST }) }),
    );
  });

  const kubeadm = `${FOLDER}/kubeadm`;
  const everything = [
    kubeadm,
    'upgrade',
    'node',
    '--skip-phases=addon',
    '--certificate-renewal=false',
  ];
  test.each<{ where: string; given: Given; argv: readonly string[] }>([
    {
      where: 'on a control plane, for its kubelet only',
      given: {},
      argv: [kubeadm, 'upgrade', 'node', 'phase', 'kubelet-config'],
    },
    {
      where: 'on a control plane whose manifests are as they should be',
      given: {
        state: 'running',
        touchesStaticPods: true,
        sight: { apiServerReady: true, ...rendered(0, 'same') },
      },
      argv: [...everything, '--etcd-upgrade=false'],
    },
    { where: 'on a worker', given: { isControlPlane: false }, argv: everything },
  ])('runs kubeadm, which renews and installs nothing, $where', ({ given, argv }) => {
    const { actions } = reconfigure(workIn(given));
    expect(actions.find(({ type }) => type === 'start-command')).toMatchObject({ argv });
  });

  test('is looked over by kubeadm as a node, also where it is the first', () => {
    const work = workIn({
      state: 'rendering',
      touchesStaticPods: true,
      sight: rendered(0, 'missing'),
    });
    const { actions } = reconfigure({ ...work, order: { ...work.order, first: true } });
    expect(actions).toMatchObject([{ argv: [kubeadm, 'upgrade', 'node', 'phase', 'preflight'] }]);
  });
});
