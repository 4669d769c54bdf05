import { describe, expect, test } from '@jest/globals';
import { type PlanEntries, planRollout } from '../../../src/controllers/upkeep/plan-rollout.ts';
import type { ClusterSpec } from '../../../src/state/cluster-spec.ts';
import type { Upkeep } from '../../../src/state/upkeep.ts';
import {
  assignment,
  controlPlaneAssignment,
  entry,
  id,
  liveness,
  node,
  served,
  spec,
} from '../../support/controllers-entries.ts';
import { knownLog } from '../../support/why-entries.ts';
import { NEW, OLD, upkeepOf } from './upkeep-bench.ts';

const STAMP = { term: 5, revision: 90, wallMs: 1_000 };

interface Given {
  /** Of every control plane; workers come after them. */
  readonly planes: readonly Partial<Upkeep['parts']>[];
  readonly workers?: readonly (string | null)[];
  readonly dead?: readonly number[];
}

/** What a log says of nodes that are `OLD` unless told otherwise. */
function log({ planes, workers = [], dead = [] }: Given): PlanEntries {
  const asked = [
    ...planes.map((_, index) => controlPlaneAssignment(index + 1, { kubernetesVersion: OLD })),
    ...workers.map((_, index) => assignment(planes.length + index + 1)),
  ];
  const numbers = asked.map((_, index) => index + 1);
  const parts = [
    ...planes.map((differs, index) => ({ ...upkeepOf(index + 1, true, OLD).parts, ...differs })),
    ...workers.map((kubelet) => ({ ...upkeepOf(1, false, OLD).parts, kubelet })),
  ];
  return {
    ...knownLog(),
    nodes: numbers.map((number) => entry('node', node(number))),
    livenesses: numbers.map((number) => {
      const verdict = dead.includes(number) ? 'dead' : 'alive';
      return entry('liveness', liveness(number, { verdict }));
    }),
    assignments: asked.map((each) => entry('assignment', each)),
    statuses: asked.map((each) => {
      const status = served(each);
      const kubernetes = { ...status.kubernetes, kubeletVersion: null };
      return entry('status', { ...status, kubernetes });
    }),
    upkeeps: parts.map((each, index) => {
      return entry('upkeep', { ...upkeepOf(index + 1, true, OLD), parts: each });
    }),
  };
}

const wanted = (kubernetesVersion: string, upgrade: Partial<ClusterSpec['upgrade']> = {}) => ({
  value: spec({ kubernetesVersion, upgrade: { ...spec().upgrade, ...upgrade } }),
  revision: 12,
});

/** Steps a line each, `first` and `drains` by their names. */
function planned(entries: PlanEntries, asked: ReturnType<typeof wanted>) {
  const answer = planRollout(entries, asked, STAMP);
  switch (answer.type) {
    case 'nothing':
      return 'nothing';
    case 'wait':
      return `waits for ${answer.wait.reason}`;
    case 'planned':
      return answer.rollout.steps
        .filter(({ task }) => task !== 'prepare' && task !== 'survey')
        .map(({ task, hostname, kubernetesVersion, first, drains }) => {
          const marks = [first && 'first', drains && 'drains'].filter(Boolean).join(' ');
          return `${task} ${hostname} ${kubernetesVersion} ${marks}`.trim();
        });
  }
}

const upgraded = { apiServer: NEW, controllerManager: NEW, scheduler: NEW };

describe('a plan', () => {
  test.each([
    {
      when: 'all is as the spec says',
      entries: log({ planes: [{}], workers: [OLD] }),
      asked: wanted(OLD),
      plan: 'nothing',
    },
    {
      when: 'the spec wants an older release',
      entries: log({ planes: [{}], workers: [OLD] }),
      asked: wanted('v1.34.1'),
      plan: 'nothing',
    },
    {
      when: 'one node upgrades itself',
      entries: log({ planes: [{}] }),
      asked: wanted(NEW),
      plan: [`upgrade-control-plane n1 ${NEW} first`, `upgrade-kubelet n1 ${NEW}`],
    },
    {
      when: 'the only control plane keeps its pods, its workers do not',
      entries: log({ planes: [{}], workers: [OLD] }),
      asked: wanted(NEW),
      plan: [
        `upgrade-control-plane n1 ${NEW} first`,
        `upgrade-kubelet n1 ${NEW}`,
        `upgrade-kubelet n2 ${NEW} drains`,
      ],
    },
    {
      when: 'some of it was done before',
      entries: log({
        planes: [{ ...upgraded, kubelet: NEW, cluster: NEW }, { cluster: NEW }, upgraded],
        workers: [NEW, OLD],
      }),
      asked: wanted(NEW),
      plan: [
        `upgrade-control-plane n2 ${NEW}`,
        `upgrade-kubelet n2 ${NEW} drains`,
        `upgrade-kubelet n3 ${NEW} drains`,
        `upgrade-kubelet n5 ${NEW} drains`,
      ],
    },
    {
      when: 'an upgrade ended before kubeadm-config was written',
      entries: log({ planes: [upgraded] }),
      asked: wanted(NEW),
      plan: [`upgrade-control-plane n1 ${NEW} first`, `upgrade-kubelet n1 ${NEW}`],
    },
    {
      when: 'somebody wrote an older release into kubeadm-config',
      entries: log({ planes: [{ ...upgraded, kubelet: NEW, cluster: 'v1.33.0' }] }),
      asked: wanted(NEW),
      plan: 'nothing',
    },
    {
      when: 'somebody wrote a newer release into kubeadm-config',
      entries: log({ planes: [{ cluster: 'v1.35.0' }] }),
      asked: wanted(NEW),
      plan: [`upgrade-control-plane n1 ${NEW} first`, `upgrade-kubelet n1 ${NEW}`],
    },
    {
      when: 'a worker was away for two releases',
      entries: log({
        planes: [{ ...upgraded, kubelet: NEW, cluster: NEW }],
        workers: ['v1.32.9', NEW],
      }),
      asked: wanted(NEW, { through: ['v1.33.5'] }),
      plan: [`upgrade-kubelet n2 v1.33.5 drains`, `upgrade-kubelet n2 ${NEW} drains`],
    },
    {
      when: 'a worker is two releases behind and nothing is named between',
      entries: log({ planes: [{ ...upgraded, kubelet: NEW, cluster: NEW }], workers: ['v1.32.9'] }),
      asked: wanted(NEW),
      plan: 'waits for version-order',
    },
    {
      when: 'a dead worker is left for later',
      entries: log({ planes: [{}], workers: [OLD, OLD], dead: [2] }),
      asked: wanted(NEW),
      plan: [
        `upgrade-control-plane n1 ${NEW} first`,
        `upgrade-kubelet n1 ${NEW}`,
        `upgrade-kubelet n3 ${NEW} drains`,
      ],
    },
    {
      when: 'nobody knows what a worker runs',
      entries: log({ planes: [{}], workers: [null] }),
      asked: wanted(NEW),
      plan: 'waits for versions-unknown',
    },
    {
      when: 'nobody knows, and nothing is known to be behind',
      entries: log({ planes: [{}], workers: [null] }),
      asked: wanted(OLD),
      plan: 'nothing',
    },
    {
      when: 'the control plane is newer than what is wanted, and a worker older',
      entries: log({ planes: [{ ...upgraded, cluster: NEW }], workers: ['v1.34.1'] }),
      asked: wanted(OLD),
      plan: 'waits for version-order',
    },
  ])('is right where $when', ({ entries, asked, plan }) => {
    expect(planned(entries, asked)).toEqual(plan);
  });

  test('says of each step what it disturbs, and of all what comes before and after', () => {
    const answer = planRollout(log({ planes: [{}] }), wanted(NEW), STAMP);
    expect(answer).toMatchObject({
      type: 'planned',
      rollout: {
        planId: 'upgrade-v1-34-4-12',
        term: 5,
        action: 'upgrade',
        releases: [OLD, NEW],
        configurationDigest: null,
        preconditions: expect.arrayContaining([
          'every control plane is whole, in ten looks in a row',
        ]),
        expected:
          'every part of 1 node is v1.34.4, every node is Ready, and every control plane is whole',
        summary: 'Upgrade 1 node: v1.34.3 → v1.34.4',
        specRevision: 12,
        revision: 90,
        plannedWallMs: 1_000,
        steps: [
          { task: 'prepare', stage: 'prepare', nodeId: id(1), disturbs: 'nothing' },
          { task: 'survey', stage: 'checks', disturbs: 'nothing' },
          {
            task: 'upgrade-control-plane',
            stage: 'control planes',
            disturbs:
              'its API server and its etcd member start again, while others serve if there are any',
          },
          { task: 'upgrade-kubelet', stage: 'kubelets of control planes' },
        ],
      },
    });
  });

  test('takes no name that people said something of', () => {
    const entries = log({ planes: [{}] });
    const hold = { planId: 'upgrade-v1-34-4-12', word: 'cancel' as const, saidWallMs: 0 };
    const taken = { kind: 'hold' as const, key: hold.planId, value: hold, revision: 3 };
    const answer = planRollout({ ...entries, holds: [taken] }, wanted(NEW), STAMP);
    expect(answer).toMatchObject({ rollout: { planId: 'upgrade-v1-34-4-12-2' } });
  });
});
