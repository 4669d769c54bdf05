import { describe, expect, test } from '@jest/globals';
import { balance, handOver, init, run } from '../contracts/cluster-by-hand.ts';
import { outcome } from '../contracts/host-facts.ts';
import { CONFIG } from '../contracts/kubeadm-files.ts';
import { type SimulatedBench, simulatedBench } from './simulated-bench.ts';

/** What is found on the host some time after it was booted again. */
interface Found {
  readonly keys: number;
  readonly kubeconfigs: number;
  readonly manifests: number;
  readonly apiServer: boolean;
  readonly node: 'absent' | 'worker' | 'control-plane' | string;
  readonly initialised: boolean | string;
}

const NOTHING: Found = {
  keys: 0,
  kubeconfigs: 0,
  manifests: 0,
  apiServer: false,
  node: 'absent',
  initialised: 'kube.refused',
};
const CERTIFIED: Found = { ...NOTHING, keys: 22 };
const CONFIGURED: Found = {
  ...CERTIFIED,
  kubeconfigs: 5,
  node: 'kube.unreachable',
  initialised: 'kube.unreachable',
};
const RUNNING: Found = {
  ...CONFIGURED,
  manifests: 4,
  apiServer: true,
  node: 'worker',
  initialised: false,
};
const MARKED: Found = { ...RUNNING, node: 'control-plane' };

describe('simulated kubeadm init, cut off', () => {
  test.each<{ at: string; found: Found }>([
    { at: 'preflight', found: NOTHING },
    { at: 'certs', found: NOTHING },
    { at: 'kubeconfig', found: CERTIFIED },
    { at: 'etcd', found: CONFIGURED },
    { at: 'control-plane', found: { ...CONFIGURED, manifests: 1 } },
    { at: 'kubelet-start', found: { ...CONFIGURED, manifests: 4 } },
    { at: 'wait-control-plane', found: RUNNING },
    { at: 'upload-config', found: RUNNING },
    { at: 'mark-control-plane', found: RUNNING },
    { at: 'bootstrap-token', found: MARKED },
    { at: 'kubelet-finalize', found: MARKED },
    { at: 'addon/coredns', found: MARKED },
    { at: 'addon/kube-proxy', found: MARKED },
  ])('at $at leaves what came before', async ({ at, found }) => {
    const bench = simulatedBench({ hosts: 1 });
    await balance(bench.hosts, bench.hosts);
    cutPowerAt(bench, 'n1', { event: 'phase.started', detail: `init ${at}` });
    const command = outcome(() => init(bench, bench.host(0)));
    expect(await bench.drive(command)).toBe('simulation.powered-off');
    expect(await foundAfterBoot(bench, 0)).toEqual({ phase: 'absent', found });
  });
});

describe('simulated kubeadm join of a control plane, cut off', () => {
  test.each<{ at: string; found: Partial<Found>; members: readonly string[] }>([
    { at: 'preflight', found: { keys: 8 }, members: ['n1'] },
    { at: 'control-plane-prepare/kubeconfig', found: { keys: 22 }, members: ['n1'] },
    {
      at: 'check-etcd',
      found: { keys: 22, kubeconfigs: 3, manifests: 3, node: 'absent' },
      members: ['n1'],
    },
    {
      at: 'etcd-join',
      found: { keys: 22, kubeconfigs: 4, manifests: 3, node: 'absent' },
      members: ['n1'],
    },
    {
      at: 'kubelet-wait-bootstrap',
      found: { keys: 22, kubeconfigs: 5, manifests: 4, apiServer: true, node: 'worker' },
      members: ['n1', 'n2'],
    },
    {
      at: 'wait-control-plane',
      found: { keys: 22, kubeconfigs: 4, manifests: 4, apiServer: true, node: 'control-plane' },
      members: ['n1', 'n2'],
    },
  ])('at $at leaves what came before', async ({ at, found, members }) => {
    const bench = simulatedBench({ hosts: 2 });
    await balance(bench.hosts, [bench.host(0)]);
    await bench.drive(init(bench, bench.host(0)));
    await bench.drive(
      handOver(bench, bench.host(1), { role: 'control-plane', sponsor: bench.host(0) }),
    );
    cutPowerAt(bench, 'n2', { event: 'phase.started', detail: `join ${at}` });
    const command = outcome(() => run(bench, bench.host(1), 'join'));
    expect(await bench.drive(command)).toBe('simulation.powered-off');
    const after = await foundAfterBoot(bench, 1);
    const [cluster] = bench.world.state.clusters.values();
    expect({ ...after.found, members: cluster?.etcd.members.map(({ name }) => name) }).toEqual({
      ...NOTHING,
      initialised: 'kubeconfigs' in found ? true : 'kube.refused',
      ...found,
      members,
    });
  });
});

test('a killed operation fails at once, and nothing of it happens later', async () => {
  const bench = simulatedBench({ hosts: 1 });
  await balance(bench.hosts, bench.hosts);
  const done = init(bench, bench.host(0));
  await bench.clock.advance(1_000);
  bench.world.killOperation('n1', 'init');
  const { length } = bench.world.state.journal;
  const ended = await bench.drive(done);
  await bench.clock.advance(60_000);
  expect({ phase: ended.phase, exitCode: ended.phase === 'failed' && ended.exitCode }).toEqual({
    phase: 'failed',
    exitCode: 137,
  });
  expect(bench.world.state.journal).toHaveLength(length);
});

test('a power cut may take what kubeadm wrote within the last second', async () => {
  expect(await leftByPowerCut('phase.started', 'init kubelet-start')).toEqual([]);
});

test('a power cut takes nothing of what kubeadm wrote before it had succeeded', async () => {
  expect(await leftByPowerCut('operation.ended', 'init: succeeded')).toEqual([
    'etcd.yaml',
    'kube-apiserver.yaml',
    'kube-controller-manager.yaml',
    'kube-scheduler.yaml',
  ]);
});

/** The manifests of static pods that are there after the next boot. */
async function leftByPowerCut(event: string, detail: string): Promise<readonly string[]> {
  const bench = simulatedBench({ hosts: 1 });
  await balance(bench.hosts, bench.hosts);
  cutPowerAt(bench, 'n1', { event, detail, unsynced: 'lost' });
  await bench.drive(outcome(() => init(bench, bench.host(0))));
  bench.world.boot('n1');
  const { files } = bench.host(0).ports;
  // civitas' own file is always synced.
  expect(typeof (await files.read(CONFIG))).toBe('string');
  return files.list('/etc/kubernetes/manifests');
}

interface Cut {
  readonly event: string;
  readonly detail: string;
  readonly unsynced?: 'lost';
}

function cutPowerAt({ world }: SimulatedBench, name: string, { event, detail, ...how }: Cut): void {
  const forget = world.onChange((change) => {
    if (change.event !== event || change.detail !== detail) return;
    forget();
    world.powerOff(name, how);
  });
}

async function foundAfterBoot(bench: SimulatedBench, index: number) {
  const { name, ports } = bench.host(index);
  bench.world.boot(name);
  await bench.clock.advance(30_000);
  const { files, kube, operations } = ports;
  const node = await outcome(() => kube.ownNode(name));
  const found: Found = {
    keys: [
      ...(await files.list('/etc/kubernetes/pki')),
      ...(await files.list('/etc/kubernetes/pki/etcd')),
    ].filter((file) => /\.(crt|key|pub)$/.test(file)).length,
    kubeconfigs: (await files.list('/etc/kubernetes')).filter((file) =>
      /^[a-z-]+(?<!discovery)\.conf$/.test(file),
    ).length,
    manifests: (await files.list('/etc/kubernetes/manifests')).length,
    apiServer: await kube.localApiServerReady(),
    node: typeof node === 'object' ? roleOf(node.controlPlane) : (node ?? 'absent'),
    initialised: await outcome(() => kube.initialised()),
  };
  return { phase: (await operations.observe('init')).phase, found };
}

function roleOf(controlPlane: boolean): Found['node'] {
  return controlPlane ? 'control-plane' : 'worker';
}
