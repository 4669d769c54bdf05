import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createSurvey } from '../../../src/controllers/survey/controller.ts';
import type { Etcd } from '../../../src/ports/etcd.ts';
import type { Kube } from '../../../src/ports/kube.ts';
import { SNAPSHOTS_FOLDER } from '../../../src/state/kubernetes-paths.ts';
import type { ObjectWriter } from '../../../src/state/object-writers.ts';
import type { Order } from '../../../src/state/order.ts';
import { type AgentOptions, controllerAgent } from '../../support/controller-agent.ts';
import { id, spec } from '../../support/controllers-entries.ts';
import { type DrainBench, drainBench, TARGET } from '../../support/drain-bench.ts';
import { progress, rollout, step, upkeep } from '../../support/rollout-entries.ts';
import { seenStore } from '../../support/seen-store.ts';

jest.setTimeout(60_000);

const PLAN = 'upgrade-v1-35-1-57';
const ONE_DAY_MS = 86_400_000;
const WEB = { kind: 'Deployment', name: 'web', replicas: 3 } as const;
const NOBODY = () => ({ kube: {} as Kube, etcd: {} as Etcd });

const LEAF = { name: 'apiserver', notBeforeWallMs: 0 };

let bench: DrainBench;

/** Three control planes and two workers that are ready for v1.35.1, and a plan for it. */
beforeEach(async () => {
  bench = await drainBench(5, 3);
  bench.bench.world.applyWorkload('n1', WEB);
  await bench.pass(20_000);
  for (const number of [1, 2, 3, 4, 5]) await tell(number);
  await bench.store.set('rollout', PLAN, rollout({ planId: PLAN, steps: [step(4), step(5)] }));
});

async function tell(number: number, prepared = [TARGET], notAfterDays = 300): Promise<void> {
  const apiServer = number < 4 ? 'v1.34.4' : null;
  await bench.store.set('upkeep', id(number), { ...upkeep(number, { apiServer }), prepared });
  const notAfterWallMs = Math.round(bench.bench.clock.wallMs() + notAfterDays * ONE_DAY_MS);
  await bench.store.set('certificates', id(number), {
    nodeId: id(number),
    incarnation: 1,
    leaves: [{ ...LEAF, notAfterWallMs }],
    work: null,
  });
}

function order(change: Partial<Order> = {}): Promise<void> {
  const of = { task: 'survey', operationId: 'survey-a-1', drains: false, sponsor: null } as const;
  return bench.order(1, { ...of, planId: PLAN, ...change });
}

function agent(options: AgentOptions = {}) {
  const { bench: hosts, store } = bench;
  return controllerAgent(hosts, store, { number: 1, controller: createSurvey(), ...options });
}

const findings = () => bench.store.get('survey', PLAN)?.value.findings ?? [];

/** A VolumeAttributesClass, as the API servers of v1.34 show it. */
function store(
  name: string,
  writers: readonly ObjectWriter[],
  appliedApiVersion: string | null = null,
): void {
  const object = { namespace: null, name, writers, appliedApiVersion };
  const api = { group: 'storage.k8s.io', resource: 'volumeattributesclasses', served: ['v1'] };
  bench.cluster.stored.push({ ...api, object });
}

/** Names and messages of what did not pass. */
async function failed(options: AgentOptions = {}): Promise<Readonly<Record<string, string>>> {
  await order();
  await agent(options).work(() => false, 3_000);
  expect(findings()).not.toEqual([]);
  const troubles = findings().filter(({ passed }) => !passed);
  return Object.fromEntries(troubles.map(({ name, message }) => [name, message]));
}

describe('a cluster that is fit for its next release', () => {
  test('passes in everything, with a snapshot of etcd on the host', async () => {
    await order();
    const looks = agent();
    expect(await looks.work(() => false, 3_000)).toEqual([]);
    expect(findings().map(({ name, passed }) => [name, passed])).toEqual([
      ['nodes-ready', true],
      ['version-skew', true],
      ['clocks', true],
      ['etcd-healthy', true],
      ['etcd-snapshot', true],
      ['prepared', true],
      ['certificates', true],
      ['disruption-budgets', true],
      ['removed-apis', true],
      ['stored-objects', true],
      ['feature-gates', true],
    ]);
    expect(await bench.bench.host(0).ports.files.list(SNAPSHOTS_FOLDER)).toEqual([
      'etcd-000001-survey-a-1.db',
    ]);
    expect(looks.acted).toEqual(['save-snapshot', 'report']);
  });

  test('is looked at again, and told only when something else is found', async () => {
    await order();
    const looks = agent();
    await looks.work(() => false, 30_000);
    expect(looks.acted).toEqual(['save-snapshot', 'report']);
    await bench.judge(5, 'suspect');
    await looks.work(() => false, 5_000);
    expect(findings().find(({ passed }) => !passed)).toEqual({
      name: 'nodes-ready',
      passed: false,
      message: 'the agent of n5 is not known to live: bring it back',
    });
  });

  test.each<[string, () => Promise<void>, AgentOptions['alter']?]>([
    ['nobody asks', async () => {}],
    ['another control plane is asked', () => bench.order(2, { task: 'survey' })],
    ['it is asked for something else', () => order({ task: 'prepare' })],
    ['the order is for a former life', () => order({ incarnation: 2 })],
    ['its copy of the log may be any age', order, () => unsynced()],
  ])('is asked nothing where %s', async (_, ask, alter = () => ({})) => {
    await ask();
    const looks = agent({ alter: (ports) => ({ ...NOBODY(), ...alter(ports) }) });
    expect(await looks.work(() => false, 5_000)).toEqual([]);
    expect(looks.acted).toEqual([]);
  });

  function unsynced() {
    return { store: seenStore(bench.store, (entry) => entry, false) };
  }

  test('is not told of by a survey whose order goes away meanwhile', async () => {
    await order();
    const { files } = bench.bench.host(0).ports;
    const alter: NonNullable<AgentOptions['alter']> = ({ etcd }) => ({
      etcd: {
        ...etcd,
        health: async () => {
          await bench.removeOrder(1);
          return etcd.health();
        },
      },
    });
    const errors = await agent({ alter }).work(() => false, 3_000);
    expect(errors).toEqual(['survey.not-asked']);
    expect({ found: findings(), saved: await files.list(SNAPSHOTS_FOLDER) }).toEqual({
      found: [],
      saved: [],
    });
  });
});

describe('a rollout in the middle, which is surveyed again', () => {
  beforeEach(async () => {
    const done = { index: 0, operationId: 'x', startedWallMs: 0, endedWallMs: 1 } as const;
    const steps = [{ ...done, outcome: 'done' as const }];
    await bench.store.set('progress', PLAN, progress({ planId: PLAN, steps }));
  });

  test('passes over who is dead, as the rollout does', async () => {
    await bench.judge(5, 'dead');
    expect(await failed()).toEqual({});
    await bench.judge(5, 'suspect');
    expect(await failed()).toEqual({ 'nodes-ready': expect.stringContaining('the agent of n5') });
  });

  test('is not kept by a cordon of people on a node that is done', async () => {
    const { kube } = bench.bench.host(0).ports;
    await kube.setUnschedulable('n4', true);
    expect(await failed()).toEqual({});
    await kube.setUnschedulable('n5', true);
    expect(await failed()).toEqual({ 'nodes-ready': expect.stringContaining('cordoned n5') });
  });
});

describe('what a rollout would fail of is named', () => {
  test('a node that is dead before anybody was disturbed', async () => {
    await bench.judge(5, 'dead');
    expect(await failed()).toEqual({ 'nodes-ready': expect.stringContaining('the agent of n5') });
  });

  test('a node that is not Ready', async () => {
    bench.bench.world.powerOff('n5');
    await bench.pass(70_000);
    expect(await failed()).toEqual({ 'nodes-ready': 'the Node n5 is not Ready: see its kubelet' });
  });

  test('a cordon of people on a node that is to be drained, and on no other', async () => {
    const { kube } = bench.bench.host(0).ports;
    await kube.setUnschedulable('n3', true);
    await kube.setUnschedulable('n4', true);
    expect(await failed()).toEqual({
      'nodes-ready': 'people cordoned n4, which is to be drained: `kubectl uncordon n4`',
    });
  });

  test.each([
    ['is too old', 'v1.31.0', /^the kubelet of n5 is v1\.31\.0, which no API server of v1\.35\.1/],
    ['is newer', 'v1.36.0', /^the kubelet of n5 is v1\.36\.0/],
  ])('a kubelet that %s', async (_, version, message) => {
    const node = bench.cluster.nodes.get('n5');
    if (node) node.kubeletVersion = version;
    expect(await failed()).toEqual({ 'version-skew': expect.stringMatching(message) });
  });

  test('a voter of etcd that does not answer, without a snapshot of what is left', async () => {
    const { etcd } = bench.bench.host(0).ports;
    const health = async () => {
      const seen = await etcd.health();
      const members = seen?.members.map((member) =>
        member.name === 'n2' ? { ...member, status: undefined } : member,
      );
      return seen && { ...seen, members: members ?? [] };
    };
    expect(await failed({ alter: () => ({ etcd: { ...etcd, health } }) })).toEqual({
      'etcd-healthy': expect.stringMatching(/^member n2 \(\w+\) of etcd does not answer/),
      'etcd-snapshot': 'no snapshot of etcd was saved, as etcd is not healthy: see etcd-healthy',
    });
  });

  test('an alarm of etcd', async () => {
    bench.bench.world.raiseAlarm('n2', 'NOSPACE');
    const troubles = await failed();
    expect(troubles['etcd-healthy']).toMatch(/^etcd has the alarm NOSPACE on member \w+: cure it/);
  });

  test('a learner, and two voters that bear no loss', async () => {
    const { etcd } = bench.bench.host(0).ports;
    const health = async () => {
      const seen = await etcd.health();
      const members = seen?.members.map((each) => ({ ...each, learner: each.name === 'n3' }));
      return seen && { ...seen, members: members ?? [] };
    };
    const troubles = await failed({ alter: () => ({ etcd: { ...etcd, health } }) });
    expect(troubles['etcd-healthy']).toMatch(
      /^n3 \(\w+\) is a learner: its join has to end first; etcd has 2 voters and can not do without one/,
    );
  });

  test('a node that has not got the release', async () => {
    await tell(4, []);
    expect(await failed()).toEqual({
      prepared: 'programs or images of v1.35.1 are missing on n4: see what the nodes wait for',
    });
  });

  test('no trouble where the rollout has nothing to do on such a node, as it joined since', async () => {
    await tell(3, []);
    expect(await failed()).toEqual({});
  });

  test('a certificate that ends within a day', async () => {
    await tell(2, [TARGET], 0.5);
    expect(await failed()).toEqual({
      certificates: expect.stringMatching(
        /^the certificate apiserver of n2 ends at .*: let civitas/,
      ),
    });
  });

  test('a node that did not tell its certificates is no trouble', async () => {
    await bench.store.remove('certificates', id(5));
    expect(await failed()).toEqual({});
    expect(findings().find(({ name }) => name === 'certificates')?.message).toBe(
      'no certificate ends within a day, as far as is known (n5 did not tell)',
    );
  });

  test('a budget that never lets its pods go, with the pods and who owns them', async () => {
    const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
    const budget = { namespace: 'default', name: 'web', selector, minAvailable: 3 };
    bench.bench.world.applyBudget('n1', budget);
    expect(await failed()).toEqual({
      'disruption-budgets': expect.stringMatching(
        /^n4 can not be drained: PodDisruptionBudget default\/web wants 3 of 3 pods healthy and never lets go of default\/web-\S+ \(ReplicaSet web-\S+\)/,
      ),
    });
  });

  test('pods that the spec keeps on a node that is to be drained', async () => {
    bench.bench.world.applyWorkload('n1', { ...WEB, name: 'cache', emptyDir: true });
    await bench.pass(20_000);
    const drain = { emptyDir: 'keep', bare: 'evict' } as const;
    await bench.store.set('spec', 'current', spec({ drain }));
    expect(await failed()).toEqual({
      'disruption-budgets': expect.stringMatching(
        /^n4 can not be drained: the spec keeps default\/cache-\S+ \(ReplicaSet cache-\S+\).*: delete them, or set spec\.drain to evict them; n5 can/,
      ),
    });
  });

  test('an API that somebody asks for and the release does not have', async () => {
    const api = { group: 'flow.example', resource: 'flows', subresource: '', version: 'v1beta3' };
    bench.cluster.deprecatedApis.push(
      { ...api, removedRelease: '1.35' },
      { ...api, version: 'v1beta4', removedRelease: '1.36' },
      { ...api, group: '', resource: 'componentstatuses', version: 'v1', removedRelease: '' },
    );
    expect(await failed()).toEqual({
      'removed-apis': expect.stringMatching(
        /^somebody asks for flow\.example\/v1beta3\/flows, which Kubernetes has no more since 1\.35: move [^;]*$/,
      ),
    });
  });

  test('an object that somebody writes by an API that the release does not have', async () => {
    const wrote = (manager: string, version: string, wroteWallMs = 0): ObjectWriter => {
      return { manager, apiVersion: `storage.k8s.io/${version}`, wroteWallMs };
    };
    store('gold', [wrote('helm', 'v1alpha1')]);
    store('silver', [wrote('helm', 'v1alpha1'), wrote('helm', 'v1', 1)]);
    store('bronze', [wrote('kube-controller-manager', 'v1alpha1')]);
    store('iron', [wrote('kubectl-client-side-apply', 'v1')], 'storage.k8s.io/v1alpha1');
    expect(await failed()).toEqual({
      'stored-objects':
        'VolumeAttributesClass gold (by helm), iron (by kubectl-client-side-apply) was last written as storage.k8s.io/v1alpha1, which Kubernetes has no more since 1.35: have it written as storage.k8s.io/v1, or clear its managedFields where nobody writes it any more',
    });
  });

  test('of many such objects the first, and how many there are', async () => {
    for (let number = 1; number <= 600; number += 1) {
      const apiVersion = 'storage.k8s.io/v1alpha1';
      store(`class-${number}`, [{ manager: 'helm', apiVersion, wroteWallMs: 0 }]);
    }
    expect(await failed()).toEqual({
      'stored-objects': expect.stringMatching(
        /class-4 \(by helm\), class-5 \(by helm\) and at least 495 more was last written as/,
      ),
    });
  });

  test('nothing that is stored where the release is one of the same minor', async () => {
    const { kube } = bench.bench.host(0).ports;
    const writtenObjects = () => Promise.reject(new Error('somebody was asked'));
    const patch = 'v1.34.5';
    for (const number of [1, 2, 3, 4, 5]) await tell(number, [patch]);
    await order({ kubernetesVersion: patch });
    await agent({ alter: () => ({ kube: { ...kube, writtenObjects } }) }).work(() => false, 3_000);
    expect(findings().filter(({ passed }) => !passed)).toEqual([]);
  });

  test('a feature gate of the spec that kubeadm does not know any more', async () => {
    const clusterConfiguration = { featureGates: { WaitForAllControlPlaneComponents: true } };
    const { kubeadm } = spec();
    await bench.store.set(
      'spec',
      'current',
      spec({ kubeadm: { ...kubeadm, clusterConfiguration } }),
    );
    expect(await failed()).toEqual({
      'feature-gates': expect.stringMatching(
        /^kubeadm v1\.35\.1 does not know the feature gates WaitForAllControlPlaneComponents: take/,
      ),
    });
  });

  test('no trouble where only kubeadm-config has such a gate, which is told', async () => {
    const { kube } = bench.bench.host(0).ports;
    const found = await kube.configMap('kubeadm-config');
    const text = `${found?.data['ClusterConfiguration']}featureGates: {WaitForAllControlPlaneComponents: true}\n`;
    await kube.patchConfigMap(
      'kubeadm-config',
      { ClusterConfiguration: text },
      found?.revision ?? '',
    );
    expect(await failed()).toEqual({});
    expect(findings().find(({ name }) => name === 'feature-gates')?.message).toBe(
      'the feature gates WaitForAllControlPlaneComponents, which kubeadm v1.35.1 does not know, are left out by the first control plane',
    );
  });

  test.each([
    ['ahead of', 300_000],
    ['behind', -300_000],
  ])('a clock that is %s the others', async (side, byMs) => {
    const { kube } = bench.bench.host(0).ports;
    const nodeLeases = async () =>
      (await kube.nodeLeases()).map((lease) =>
        lease.node === 'n5' ? { ...lease, renewedWallMs: lease.renewedWallMs + byMs } : lease,
      );
    expect(await failed({ alter: () => ({ kube: { ...kube, nodeLeases } }) })).toEqual({
      clocks: `the clock of n5 is about 5 minutes ${side} that of this host: set it right (\`timedatectl set-ntp true\`)`,
    });
  });

  test('a Kubernetes that does not answer', async () => {
    for (const name of ['n1', 'n2', 'n3']) {
      await bench.bench
        .host(Number(name[1]) - 1)
        .ports.files.remove('/etc/kubernetes/manifests/kube-apiserver.yaml');
    }
    await bench.pass(30_000);
    expect(await failed()).toEqual({
      'api-server': expect.stringMatching(/no API server answers/),
    });
  });
});
