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
  readonly sight?: Partial<Sight>;
}

function workIn({ state = 'intended', isControlPlane = true, configMaps = 'same', sight }: Given) {
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
      progress: { ...FIRST_UPKEEP_PROGRESS, state },
    },
    sight: {
      presence: { folder: FOLDER, problem: null },
      configuration: { digest: DIGEST, configMaps },
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
      goodLooks: 0,
      inStateForMs: 0,
      ...sight,
    },
  };
  // What a reconfiguration does not look at is left out.
  return work as unknown as Work;
}

function told(given: Given) {
  const { waiting, actions } = reconfigure(workIn(given));
  return { waiting: waiting?.reason, actions: actions.map(({ type }) => type) };
}

const begins = ['save-files', 'keep-job', 'start-command'];

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
      when: 'nine looks were good',
      given: { state: 'verifying', sight: { goodLooks: 9 } },
      actions: [],
    },
    {
      when: 'ten looks were good',
      given: { state: 'verifying', sight: { goodLooks: 10 } },
      actions: ['sync-files', 'forget-command', 'keep-job', 'remove-tree'],
    },
    {
      when: 'three looks were good on a worker',
      given: { state: 'verifying', isControlPlane: false, sight: { goodLooks: 3 } },
      actions: ['sync-files', 'forget-command', 'keep-job', 'remove-tree'],
    },
  ])('when $when', ({ given, waiting, actions }) => {
    expect(told(given)).toEqual({ waiting, actions });
  });

  test('keeps what it is brought to before kubeadm runs, which renews and installs nothing', () => {
    const { actions } = reconfigure(workIn({}));
    expect(actions).toEqual([
      { type: 'save-files' },
      expect.objectContaining({ job: expect.objectContaining({ configurationDigest: DIGEST }) }),
      expect.objectContaining({
        argv: [
          `${FOLDER}/kubeadm`,
          'upgrade',
          'node',
          '--skip-phases=addon',
          '--certificate-renewal=false',
        ],
      }),
    ]);
  });
});
