import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import {
  CONTROL_PLANE_LABELS,
  CONTROL_PLANE_TAINT,
} from '../../../src/state/control-plane-marks.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import {
  clusterOf,
  deviationsOn,
  fewestApiServers,
  fileOn,
  hostOf,
  machinesWith,
  removeByHand,
  repairsIn,
  writeByHand,
} from '../../support/fleet-hands.ts';
import { logOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const ONE_MINUTE_MS = 60_000;
const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';
const SCHEDULER = '/etc/kubernetes/manifests/kube-scheduler.yaml';
const API_SERVER = '/etc/kubernetes/manifests/kube-apiserver.yaml';
const DROP_IN = '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf';
const FORWARDING = '/proc/sys/net/ipv4/ip_forward';

async function wholeFleet(policy: 'repair' | 'report' = 'repair'): Promise<Fleet> {
  const spec = { controlPlanes: 3, drift: { policy } } as const;
  const fleet = startFleet({ nodes: 4, seed: 5, spec });
  await untilWhole(fleet);
  await untilTidy(fleet);
  await fleet.clock.advance(ONE_MINUTE_MS);
  return fleet;
}

function first(fleet: Fleet, role: 'control-plane' | 'worker') {
  const [machine] = machinesWith(fleet, role);
  if (!machine) throw new RangeError(`nobody is a ${role}`);
  return machine;
}

async function expectWhole(fleet: Fleet): Promise<void> {
  await untilTidy(fleet);
  fleet.end();
  expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
  expect(logOf(fleet).list('drift')).toEqual([]);
  expect(check(fleet.recorder.trace())).toEqual([]);
}

const changed = (manifest: string | undefined) => `${manifest}# by hand\n`;

describe('what people change on a host', () => {
  test.each([
    ['worker', 'kubelet-config', KUBELET_CONFIG],
    ['worker', 'unit:kubelet-drop-in', DROP_IN],
    ['worker', 'sysctl:net.ipv4.ip_forward', FORWARDING],
    ['control-plane', 'manifest:kube-scheduler', SCHEDULER],
    ['control-plane', 'manifest:kube-apiserver', API_SERVER],
  ] as const)(
    'is put back: on a %s, %s',
    async (role, item, path) => {
      const fleet = await wholeFleet();
      const machine = first(fleet, role);
      const before = fileOn(fleet, machine, path);
      writeByHand(fleet, machine, path, '0\n');
      await fleet.clock.advance(3 * ONE_MINUTE_MS);
      expect(fileOn(fleet, machine, path)).toBe(before);
      expect(repairsIn(fleet)).toEqual([`${machine.hostname} ${item}`]);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );

  test(
    'is put back at once where it is a manifest that is gone',
    async () => {
      const fleet = await wholeFleet();
      const machine = first(fleet, 'control-plane');
      const before = fileOn(fleet, machine, API_SERVER);
      removeByHand(fleet, machine, API_SERVER);
      await fleet.clock.advance(ONE_MINUTE_MS);
      expect(fileOn(fleet, machine, API_SERVER)).toBe(before);
      await fleet.clock.advance(2 * ONE_MINUTE_MS);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );

  test(
    'is put back in the file of the load balancer',
    async () => {
      const fleet = await wholeFleet();
      const machine = first(fleet, 'worker');
      hostOf(fleet, machine).disk.balancerAltered = true;
      await fleet.clock.advance(ONE_MINUTE_MS);
      expect(hostOf(fleet, machine).disk.balancerAltered).toBe(false);
      expect(repairsIn(fleet)).toEqual([`${machine.hostname} haproxy`]);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );

  test(
    'is put back on one control plane after the other, and two of three API servers always serve',
    async () => {
      const fleet = await wholeFleet();
      const machines = machinesWith(fleet, 'control-plane');
      const before = machines.map((machine) => fileOn(fleet, machine, API_SERVER));
      // The kubelets that are down meanwhile do not take the change up: only the repair ends a pod.
      for (const machine of machines) {
        const host = hostOf(fleet, machine);
        writeByHand(fleet, machine, API_SERVER, changed(fileOn(fleet, machine, API_SERVER)));
        host.runtime?.podManifests.set('kube-apiserver', fileOn(fleet, machine, API_SERVER) ?? '');
      }
      expect(await fewestApiServers(fleet, 8)).toBe(2);
      expect(machines.map((machine) => fileOn(fleet, machine, API_SERVER))).toEqual(before);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );

  test(
    'is told, and left alone, where the spec asks for no more',
    async () => {
      const fleet = await wholeFleet('report');
      const machine = first(fleet, 'control-plane');
      writeByHand(fleet, machine, SCHEDULER, 'by hand');
      await fleet.clock.advance(3 * ONE_MINUTE_MS);
      fleet.end();
      expect(fileOn(fleet, machine, SCHEDULER)).toBe('by hand');
      expect(deviationsOn(fleet, machine)).toEqual(['manifest:kube-scheduler reported']);
      expect(repairsIn(fleet)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is left alone once somebody changed it again after each of three repairs, for good',
    async () => {
      const fleet = await wholeFleet();
      const machine = first(fleet, 'worker');
      for (let second = 0; second < 75 * 60; second += 10) {
        writeByHand(fleet, machine, KUBELET_CONFIG, 'by a tool');
        await fleet.clock.advance(10_000);
      }
      fleet.end();
      expect(deviationsOn(fleet, machine)).toEqual(['kubelet-config kept']);
      expect(repairsIn(fleet)).toHaveLength(3);
    },
    TIMEOUT_MS,
  );

  test(
    'is put back no more than three times an hour where a tool writes something else each time',
    async () => {
      const fleet = await wholeFleet();
      const machine = first(fleet, 'worker');
      for (let second = 0; second < 75 * 60; second += 10) {
        writeByHand(fleet, machine, KUBELET_CONFIG, `by a tool at ${second}`);
        await fleet.clock.advance(10_000);
      }
      fleet.end();
      expect(repairsIn(fleet).length).toBe(6);
    },
    TIMEOUT_MS,
  );

  test(
    'is put back again once the policy was edited',
    async () => {
      const fleet = await wholeFleet();
      const machine = first(fleet, 'worker');
      const before = fileOn(fleet, machine, KUBELET_CONFIG);
      for (let second = 0; second < 180; second += 10) {
        writeByHand(fleet, machine, KUBELET_CONFIG, 'by a tool');
        await fleet.clock.advance(10_000);
      }
      for (const policy of ['report', 'repair'] as const) {
        const log = logOf(fleet);
        const entry = log.get('spec', 'current');
        if (!entry) throw new RangeError('there is no spec');
        fleet.recorder.note('*', { type: 'script.edited', detail: `drift.policy ${policy}` });
        const put = log.put(
          'spec',
          'current',
          { ...entry.value, drift: { policy } },
          entry.revision,
        );
        await fleet.clock.drive(put);
        await fleet.clock.advance(ONE_MINUTE_MS);
      }
      expect(fileOn(fleet, machine, KUBELET_CONFIG)).toBe(before);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );
});

describe('what people change on a Node', () => {
  test(
    'is put back: labels and the taint of a control plane',
    async () => {
      const fleet = await wholeFleet();
      const machine = first(fleet, 'control-plane');
      const node = clusterOf(fleet).nodes.get(machine.hostname);
      if (!node) throw new RangeError('it has no Node');
      Object.assign(node, { labels: {}, taints: [], controlPlane: false });
      await fleet.clock.advance(ONE_MINUTE_MS);
      expect(node).toMatchObject({ labels: CONTROL_PLANE_LABELS, taints: [CONTROL_PLANE_TAINT] });
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );

  test.each(['control-plane', 'worker'] as const)(
    'is put back: a %s that was deleted comes again, marked as what it is',
    async (role) => {
      const fleet = await wholeFleet();
      const machine = first(fleet, role);
      clusterOf(fleet).nodes.delete(machine.hostname);
      await fleet.clock.advance(3 * ONE_MINUTE_MS);
      const node = clusterOf(fleet).nodes.get(machine.hostname);
      expect(node?.controlPlane).toBe(role === 'control-plane');
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );
});

describe('an agent that is killed while it puts something back', () => {
  const CALLS = [
    'durable.write drift-repairs',
    'log.write drift',
    'log.write event',
    `files.write ${KUBELET_CONFIG}`,
  ];

  test.each(CALLS)(
    'goes on where it was: at %s',
    async (place) => {
      const fleet = await wholeFleet();
      const machine = first(fleet, 'worker');
      const before = fileOn(fleet, machine, KUBELET_CONFIG);
      let calls = 0;
      fleet.onCall((caller, call, [what]) => {
        if (caller !== machine || !`${call} ${what}`.startsWith(place)) return;
        calls += 1;
        if (calls > 3) return;
        // Right before it takes effect, or right after.
        if (calls % 2 === 1) machine.kill();
        else void fleet.clock.sleep(0).then(() => machine.kill());
        void fleet.clock.sleep(1_000).then(machine.start);
      });
      writeByHand(fleet, machine, KUBELET_CONFIG, 'by hand');
      await fleet.clock.advance(5 * ONE_MINUTE_MS);
      expect(calls).toBeGreaterThan(0);
      expect(fileOn(fleet, machine, KUBELET_CONFIG)).toBe(before);
      await expectWhole(fleet);
    },
    TIMEOUT_MS,
  );
});
