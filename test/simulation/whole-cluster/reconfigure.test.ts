import { describe, expect, test } from '@jest/globals';
import { type ControllerOptions, controllersOf } from '../../../src/engine/controllers.ts';
import type { RegisteredController } from '../../../src/runtime/registered-controller.ts';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import type { ClusterSpec } from '../../../src/state/cluster-spec.ts';
import { configurationDigest } from '../../../src/state/configuration-digest.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import {
  clusterOf,
  configMapText,
  fileOn,
  machinesWith,
  repairsIn,
  writeConfigMap,
} from '../../support/fleet-hands.ts';
import { logOf } from '../../support/fleet-log.ts';
import { editSpec, patchedKubeadm, reconfigure } from '../../support/fleet-orders.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;
const API_SERVER = '/etc/kubernetes/manifests/kube-apiserver.yaml';
const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';

const PATCHES = {
  clusterConfiguration: {
    apiServer: { extraArgs: [{ name: 'audit-log-maxage', value: '7' }] },
  },
  kubeletConfiguration: { maxPods: 50 },
  kubeProxyConfiguration: { mode: 'nftables' },
};

/** Without the one that gives orders: these tests do. */
function controllers(options: ControllerOptions): readonly RegisteredController[] {
  return controllersOf(options).filter(({ name }) => name !== 'upkeep');
}

/** Of four machines, or where that is enough of a control plane and a worker. */
async function wholeFleet(nodes: 2 | 4 = 4): Promise<Fleet> {
  const controlPlanes = nodes === 4 ? 3 : 1;
  const fleet = startFleet({ nodes, seed: 7, spec: { controlPlanes }, controllers });
  await untilWhole(fleet);
  await untilTidy(fleet);
  await fleet.clock.advance(ONE_MINUTE_MS);
  return fleet;
}

const everybody = (fleet: Fleet): readonly Machine[] => [
  ...machinesWith(fleet, 'control-plane'),
  ...machinesWith(fleet, 'worker'),
];

function digestOf(fleet: Fleet, machine: Machine): string | null | undefined {
  return logOf(fleet).get('upkeep', machine.node().nodeId)?.value.configurationDigest;
}

/** Whether each machine says that it was brought to that configuration. */
function reached(fleet: Fleet, kubeadm: ClusterSpec['kubeadm']): readonly boolean[] {
  return everybody(fleet).map((machine) => {
    const role = logOf(fleet).get('assignment', machine.node().nodeId)?.value.role;
    if (role !== 'control-plane' && role !== 'worker') return false;
    return digestOf(fleet, machine) === configurationDigest(kubeadm, role);
  });
}

function proxyPods(fleet: Fleet): readonly string[] {
  const pods = [...clusterOf(fleet).pods.values()];
  return pods.filter(({ owner }) => owner?.name === 'kube-proxy').map(({ uid }) => uid);
}

async function rollThrough(fleet: Fleet, number = 1): Promise<readonly (string | undefined)[]> {
  const states: (string | undefined)[] = [];
  for (const machine of everybody(fleet)) {
    const operationId = `reconfigure-${machine.node().nodeId}-${number}`;
    const work = await reconfigure(fleet, machine, operationId);
    states.push(work?.reason ?? work?.state);
  }
  return states;
}

async function expectWhole(fleet: Fleet): Promise<void> {
  await fleet.clock.advance(2 * ONE_MINUTE_MS);
  await untilTidy(fleet);
  fleet.end();
  expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
  expect(logOf(fleet).list('drift')).toEqual([]);
  expect(check(fleet.recorder.trace())).toEqual([]);
}

describe('an edit of spec.kubeadm', () => {
  test(
    'rolls through node by node: ConfigMaps, manifests, kubelets and kube-proxy',
    async () => {
      const fleet = await wholeFleet();
      expect(reached(fleet, patchedKubeadm({}))).toEqual([true, true, true, true]);
      const proxies = proxyPods(fleet);
      await editSpec(fleet, { kubeadm: patchedKubeadm(PATCHES) });
      expect(await rollThrough(fleet)).toEqual(['done', 'done', 'done', 'done']);
      expect(reached(fleet, patchedKubeadm(PATCHES))).toEqual([true, true, true, true]);

      for (const machine of machinesWith(fleet, 'control-plane')) {
        expect(fileOn(fleet, machine, API_SERVER)).toContain('--audit-log-maxage=7');
      }
      for (const machine of everybody(fleet)) {
        expect(fileOn(fleet, machine, KUBELET_CONFIG)).toContain('maxPods: 50');
      }
      expect(configMapText(fleet, 'kube-proxy', 'config.conf')).toContain('mode: nftables');
      await fleet.clock.advance(ONE_MINUTE_MS);
      expect(proxyPods(fleet)).toHaveLength(4);
      expect(proxyPods(fleet).filter((uid) => proxies.includes(uid))).toEqual([]);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );

  test(
    'that is taken back leaves everything as it was before',
    async () => {
      const fleet = await wholeFleet();
      const files = () =>
        everybody(fleet).map((machine) => [
          fileOn(fleet, machine, API_SERVER),
          fileOn(fleet, machine, KUBELET_CONFIG),
        ]);
      const before = files();
      await editSpec(fleet, { kubeadm: patchedKubeadm(PATCHES) });
      expect(await rollThrough(fleet)).toEqual(['done', 'done', 'done', 'done']);
      await editSpec(fleet, { kubeadm: patchedKubeadm({}) });
      expect(await rollThrough(fleet, 2)).toEqual(['done', 'done', 'done', 'done']);
      expect(files()).toEqual(before);
      expect(reached(fleet, patchedKubeadm({}))).toEqual([true, true, true, true]);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );
});

test(
  'an edit of spec.kubeadm needs nobody: the leader orders it of one node after the other',
  async () => {
    const fleet = startFleet({ nodes: 4, seed: 7, spec: { controlPlanes: 3 } });
    await untilWhole(fleet);
    await untilTidy(fleet);
    await fleet.clock.advance(ONE_MINUTE_MS);
    await editSpec(fleet, { kubeadm: patchedKubeadm(PATCHES) });
    await fleet.clock.advance(15 * ONE_MINUTE_MS);
    expect(reached(fleet, patchedKubeadm(PATCHES))).toEqual([true, true, true, true]);
    for (const machine of everybody(fleet)) {
      expect(fileOn(fleet, machine, KUBELET_CONFIG)).toContain('maxPods: 50');
    }
    await expectWhole(fleet);
  },
  TIMEOUT_MS,
);

describe('a node that can not take it up', () => {
  test(
    'is as it was before, and says why',
    async () => {
      const fleet = await wholeFleet(2);
      const [machine] = machinesWith(fleet, 'control-plane');
      if (!machine) throw new RangeError('there is no control plane');
      const files = () => [API_SERVER, KUBELET_CONFIG].map((path) => fileOn(fleet, machine, path));
      const before = files();
      await editSpec(fleet, { kubeadm: patchedKubeadm(PATCHES) });
      const failure = { phase: 'kubelet-config', text: 'no space left', when: 'after' } as const;
      for (let attempt = 0; attempt < 3; attempt += 1) {
        fleet.world.failNext(machine.hostname, failure);
      }
      const work = await reconfigure(fleet, machine);
      expect(work?.state).toBe('failed');
      expect(work?.reason).toContain('no space left');
      expect(files()).toEqual(before);
      expect(digestOf(fleet, machine)).toBe(
        configurationDigest(patchedKubeadm({}), 'control-plane'),
      );
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );
});

describe('an agent that is killed while its node takes up an edit of spec.kubeadm', () => {
  const PLACES: readonly (readonly ['control-plane' | 'worker', string])[] = [
    ['control-plane', 'kube.patchConfigMap kubeadm-config'],
    ['control-plane', 'kube.patchConfigMap kube-proxy'],
    ['control-plane', 'durable.write upkeep-job'],
    ['control-plane', 'operations.start'],
    ['worker', 'durable.write upkeep-job'],
    ['worker', 'operations.start'],
    ['worker', 'files.sync'],
    ['worker', 'kube.evict'],
    ['worker', 'log.write upkeep'],
  ];

  test.each(PLACES)(
    'goes on where it was: on a %s, at %s',
    async (role, place) => {
      const fleet = await wholeFleet(2);
      const [plane] = machinesWith(fleet, 'control-plane');
      const [machine] = machinesWith(fleet, role);
      if (!machine || !plane) throw new RangeError(`nobody is a ${role}`);
      await editSpec(fleet, { kubeadm: patchedKubeadm(PATCHES) });
      if (role === 'worker') await reconfigure(fleet, plane);
      let calls = 0;
      fleet.onCall((caller, call, [what]) => {
        if (caller !== machine || !`${call} ${what}`.startsWith(place)) return;
        calls += 1;
        if (calls > 4) return;
        // Right before it takes effect, or right after.
        if (calls % 2 === 1) machine.kill();
        else void fleet.clock.sleep(0).then(() => machine.kill());
        void fleet.clock.sleep(1_000).then(machine.start);
      });
      expect((await reconfigure(fleet, machine))?.state).toBe('done');
      expect(calls).toBeGreaterThan(0);
      expect(fileOn(fleet, machine, KUBELET_CONFIG)).toContain('maxPods: 50');
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );
});

describe('ConfigMaps of kubeadm that people change', () => {
  test.each([
    [
      'kubeadm-config',
      'ClusterConfiguration',
      'kubernetesVersion: v1.34.4',
      'kubernetesVersion: v1.33.0',
    ],
    ['kubelet-config', 'kubelet', 'maxPods: 50', 'maxPods: 5'],
    ['kube-proxy', 'config.conf', 'mode: nftables', 'mode: iptables'],
  ] as const)(
    'are put back: %s',
    async (name, key, right, wrong) => {
      const fleet = await wholeFleet(2);
      await editSpec(fleet, { kubeadm: patchedKubeadm(PATCHES) });
      await rollThrough(fleet);
      const before = configMapText(fleet, name, key);
      writeConfigMap(fleet, name, key, before.replace(right, wrong));
      expect(configMapText(fleet, name, key)).not.toBe(before);
      await fleet.clock.advance(3 * ONE_MINUTE_MS);
      expect(configMapText(fleet, name, key)).toBe(before);
      expect(repairsIn(fleet)).toEqual([
        `${machinesWith(fleet, 'control-plane')[0]?.hostname} config-map:${name}`,
      ]);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );

  test(
    'lose a feature gate that kubeadm knows no more',
    async () => {
      const fleet = await wholeFleet(2);
      const before = configMapText(fleet, 'kubeadm-config', 'ClusterConfiguration');
      const gates = 'featureGates:\n  EtcdLearnerMode: true\n';
      writeConfigMap(fleet, 'kubeadm-config', 'ClusterConfiguration', `${before}${gates}`);
      await fleet.clock.advance(3 * ONE_MINUTE_MS);
      expect(configMapText(fleet, 'kubeadm-config', 'ClusterConfiguration')).toBe(before);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );
});
