import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { PARKED_FOLDER } from '../../../src/state/kubernetes-paths.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { genesisOf, logOf } from '../../support/fleet-log.ts';
import { editSpec } from '../../support/fleet-orders.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const TWO_MINUTES_MS = 120_000;
const NEW_ADDRESS = '10.88.0.200';

async function wholeFleet(): Promise<Fleet> {
  const fleet = startFleet({ nodes: 4, seed: 3, spec: { controlPlanes: 3 } });
  await untilWhole(fleet);
  await untilTidy(fleet);
  return fleet;
}

function machineWith(fleet: Fleet, role: string): Machine {
  const log = logOf(fleet);
  const found = fleet.machines.find((machine) => {
    const { nodeId } = machine.node();
    return log.get('assignment', nodeId)?.value.role === role;
  });
  if (!found) throw new RangeError(`nobody is a ${role}`);
  return found;
}

/** One that holds a replica of the log as well. */
function movedControlPlane(fleet: Fleet): Machine {
  const log = logOf(fleet);
  const hosts = genesisOf(fleet).replicas.map(({ nodeId }) => nodeId);
  const found = fleet.machines.find((machine) => {
    const { nodeId } = machine.node();
    return hosts.includes(nodeId) && log.get('assignment', nodeId)?.value.role === 'control-plane';
  });
  if (!found) throw new RangeError('no control plane has a replica');
  return found;
}

function internalIps({ world }: Fleet): ReadonlyMap<string, string> {
  const nodes = [...world.state.clusters.values()].flatMap((each) => [...each.nodes.values()]);
  return new Map(nodes.map(({ name, internalIp }) => [name, internalIp]));
}

/** Of controllers that see to addresses. */
function decisions(fleet: Fleet): readonly string[] {
  return logOf(fleet)
    .list('event')
    .filter(({ value }) => ['etcd', 'node-address', 'replicas'].includes(value.controller))
    .map(({ value }) => value.action);
}

function replicaAddresses(fleet: Fleet): readonly string[] {
  const { replicas = [] } = logOf(fleet).get('replicas', 'current')?.value ?? {};
  return replicas.map(({ address }) => address);
}

/** Of the pod on that host, which may serve node ports only at the address that its Node had when it started. */
function proxyUid({ world }: Fleet, { hostname }: Machine): string | undefined {
  const pods = [...world.state.clusters.values()].flatMap((each) => [...each.pods.values()]);
  return pods.find(({ name, node }) => name.startsWith('kube-proxy-') && node === hostname)?.uid;
}

const peerUrls = ({ world }: Fleet) =>
  [...world.state.clusters.values()].flatMap(({ etcd }) =>
    etcd.members.map(({ peerUrl }) => peerUrl),
  );

describe('a machine at another address', () => {
  test(
    'is a worker: everybody finds it there, and so does Kubernetes',
    async () => {
      const fleet = await wholeFleet();
      const worker = machineWith(fleet, 'worker');
      const proxy = proxyUid(fleet, worker);
      worker.powerOff();
      worker.renumber(NEW_ADDRESS);
      worker.boot();
      await fleet.clock.advance(TWO_MINUTES_MS);
      fleet.end();
      expect(logOf(fleet).get('node', worker.node().nodeId)?.value.addresses).toEqual([
        NEW_ADDRESS,
      ]);
      expect(internalIps(fleet).get(worker.hostname)).toBe(NEW_ADDRESS);
      expect(proxyUid(fleet, worker)).not.toBe(proxy);
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is a worker whose agent dies before its kubelet is restarted',
    async () => {
      const fleet = await wholeFleet();
      const worker = machineWith(fleet, 'worker');
      const proxy = proxyUid(fleet, worker);
      const stop = fleet.onCall((machine, call, [path]) => {
        if (machine !== worker || call !== 'files.write') return;
        if (path !== '/var/lib/kubelet/kubeadm-flags.env') return;
        stop();
        // The write itself is done, and nothing after it.
        void fleet.clock.sleep(0).then(() => worker.kill());
        void fleet.clock.sleep(1_000).then(worker.start);
      });
      worker.renumber(NEW_ADDRESS);
      await fleet.clock.advance(2 * TWO_MINUTES_MS);
      fleet.end();
      expect(internalIps(fleet).get(worker.hostname)).toBe(NEW_ADDRESS);
      expect(proxyUid(fleet, worker)).not.toBe(proxy);
    },
    TIMEOUT_MS,
  );

  test(
    'is a control plane: its member is told to the others, and it serves there',
    async () => {
      const fleet = await wholeFleet();
      const moved = movedControlPlane(fleet);
      const [former = ''] = moved.node().addresses;
      moved.renumber(NEW_ADDRESS);
      await fleet.clock.advance(TWO_MINUTES_MS);
      await untilTidy(fleet);
      fleet.end();
      expect(peerUrls(fleet)).toContain(`https://${NEW_ADDRESS}:2380`);
      expect(peerUrls(fleet)).not.toContain(`https://${former}:2380`);
      expect(internalIps(fleet).get(moved.hostname)).toBe(NEW_ADDRESS);
      expect(replicaAddresses(fleet)).not.toContain(former);
      expect(new Set(decisions(fleet))).toEqual(
        new Set(['update-peer-url', 'readdress', 'readdress-replica']),
      );
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.each([
    { when: 'writes down that it begins', call: 'durable.write', about: 'address-move' },
    {
      when: 'writes down that kube-proxy is behind',
      call: 'durable.write',
      about: 'proxy-behind',
    },
    { when: 'stops the static pods', call: 'host.stopStaticPods', about: undefined },
    {
      when: 'writes a manifest',
      call: 'files.write',
      about: '/etc/kubernetes/manifests/kube-apiserver.yaml',
    },
    {
      when: 'writes the flags of the kubelet',
      call: 'files.write',
      about: '/var/lib/kubelet/kubeadm-flags.env',
    },
    { when: 'starts the kubelet', call: 'host.restartKubelet', about: undefined },
    { when: 'writes down that it is over', call: 'durable.remove', about: 'address-move' },
    {
      when: 'writes down that kube-proxy was ended',
      call: 'durable.remove',
      about: 'proxy-behind',
    },
    { when: 'starts kubeadm', call: 'operations.start', about: 'leaves-for-10-88-0-200' },
  ])(
    'is a control plane whose agent dies where it $when',
    async ({ call, about }) => {
      const fleet = await wholeFleet();
      const moved = movedControlPlane(fleet);
      const proxy = proxyUid(fleet, moved);
      moved.renumber(NEW_ADDRESS);
      let isDead = false;
      fleet.onCall((machine, called, [argument]) => {
        if (isDead || machine !== moved || called !== call || argument !== about) return;
        isDead = true;
        moved.kill();
        void fleet.clock.sleep(1_000).then(moved.start);
      });
      await fleet.clock.advance(2 * TWO_MINUTES_MS);
      await untilTidy(fleet);
      fleet.end();
      expect(isDead).toBe(true);
      expect(proxyUid(fleet, moved)).not.toBe(proxy);
      expect(internalIps(fleet).get(moved.hostname)).toBe(NEW_ADDRESS);
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is a control plane that was off meanwhile',
    async () => {
      const fleet = await wholeFleet();
      const moved = movedControlPlane(fleet);
      moved.powerOff();
      moved.renumber(NEW_ADDRESS);
      moved.boot();
      await fleet.clock.advance(2 * TWO_MINUTES_MS);
      await untilTidy(fleet);
      fleet.end();
      expect(internalIps(fleet).get(moved.hostname)).toBe(NEW_ADDRESS);
      expect(replicaAddresses(fleet)).toContain(NEW_ADDRESS);
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is a control plane that was off meanwhile: nothing is changed before the log gives its role back',
    async () => {
      const fleet = await wholeFleet();
      const moved = movedControlPlane(fleet);
      const done: string[] = [];
      fleet.onCall((machine, call, [path]) => {
        if (machine !== moved || typeof path !== 'string') return;
        if (call === 'files.move' || call === 'files.write') done.push(`${call} ${path}`);
      });
      moved.powerOff();
      moved.renumber(NEW_ADDRESS);
      moved.boot();
      await fleet.clock.advance(2 * TWO_MINUTES_MS);
      fleet.end();
      const given = done.findLastIndex((each) => each.startsWith(`files.move ${PARKED_FOLDER}/`));
      const flags = done.indexOf('files.write /var/lib/kubelet/kubeadm-flags.env');
      expect(given).toBeGreaterThan(-1);
      expect(flags).toBeGreaterThan(given);
    },
    TIMEOUT_MS,
  );

  test(
    'is the only control plane, which others join at its new address',
    async () => {
      const fleet = startFleet({ nodes: 4, seed: 5, spec: { controlPlanes: 1 } });
      await untilWhole(fleet);
      await untilTidy(fleet);
      const moved = movedControlPlane(fleet);
      moved.renumber(NEW_ADDRESS);
      await fleet.clock.advance(2 * TWO_MINUTES_MS);
      await untilWhole(fleet);
      expect(peerUrls(fleet)).toEqual([`https://${NEW_ADDRESS}:2380`]);
      await editSpec(fleet, { controlPlanes: 3 });
      await untilWhole(fleet);
      await untilTidy(fleet);
      fleet.end();
      expect(factsOf(fleet).members.map(({ learner }) => learner)).toEqual([false, false, false]);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is one of more control planes than etcd can lose: each waits as it is until they are back',
    async () => {
      const fleet = await wholeFleet();
      const controlPlanes = fleet.machines.filter((machine) => {
        return logOf(fleet).get('assignment', machine.node().nodeId)?.value.role !== 'worker';
      });
      const formers = controlPlanes.map((machine) => machine.node().addresses[0] ?? '');
      for (const [index, machine] of controlPlanes.entries()) {
        machine.renumber(`10.88.0.20${index}`);
      }
      await fleet.clock.advance(2 * TWO_MINUTES_MS);
      expect(decisions(fleet)).not.toContain('readdress');
      for (const [index, machine] of controlPlanes.entries()) {
        machine.renumber(formers[index] ?? '');
      }
      await fleet.clock.advance(TWO_MINUTES_MS);
      await untilTidy(fleet);
      fleet.end();
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'is a control plane that starts over, and is a new one in place of the one it was',
    async () => {
      const fleet = await wholeFleet();
      const moved = movedControlPlane(fleet);
      moved.renumber(NEW_ADDRESS);
      await fleet.clock.advance(TWO_MINUTES_MS);
      moved.wipe();
      moved.boot();
      await fleet.clock.advance(TWO_MINUTES_MS);
      await untilWhole(fleet);
      await untilTidy(fleet);
      fleet.end();
      expect(internalIps(fleet).get(moved.hostname)).toBe(NEW_ADDRESS);
      expect(factsOf(fleet).members.map(({ learner }) => learner)).toEqual([false, false, false]);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
