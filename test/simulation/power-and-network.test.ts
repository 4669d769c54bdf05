import { describe, expect, test } from '@jest/globals';
import { balance, buildCluster } from '../contracts/cluster-by-hand.ts';
import { outcome } from '../contracts/host-facts.ts';
import { type SimulatedBench, simulatedBench } from './simulated-bench.ts';

const CHANGES_OF_THE_MACHINE = ['power.cut', 'power.on'];

describe('a simulated cluster', () => {
  test('comes back by itself when the power of all hosts was cut', async () => {
    const bench = await threeControlPlanes();
    const before = await clusterOf(bench);
    const changes = bench.world.state.journal.length;
    for (const { name } of bench.hosts) bench.world.powerOff(name);
    await bench.clock.advance(600_000);
    for (const { name } of bench.hosts) bench.world.boot(name);
    await bench.clock.advance(30_000);
    expect(await clusterOf(bench)).toEqual(before);
    const events = bench.world.state.journal.slice(changes).map(({ event }) => event);
    expect(new Set(events)).toEqual(new Set(CHANGES_OF_THE_MACHINE));
  });

  test('goes on without one of three control planes, and marks its node after the grace', async () => {
    const bench = await threeControlPlanes();
    bench.world.powerOff('n1');
    await bench.clock.advance(10_000);
    const soon = await readiness(bench, 1);
    await bench.clock.advance(40_000);
    const late = await readiness(bench, 1);
    bench.world.boot('n1');
    await bench.clock.advance(15_000);
    expect({ soon, late, back: await readiness(bench, 1) }).toEqual({
      soon: { n1: true, n2: true, n3: true, n4: true },
      late: { n1: false, n2: true, n3: true, n4: true },
      back: { n1: true, n2: true, n3: true, n4: true },
    });
  });

  test('has no API and changes nothing when two of three control planes are gone', async () => {
    const bench = await threeControlPlanes();
    bench.world.powerOff('n1');
    bench.world.powerOff('n2');
    await bench.clock.advance(300_000);
    const { kube, etcd, balancer } = bench.host(2).ports;
    const { servers } = await balancer.observe();
    expect({
      ready: await kube.localApiServerReady(),
      members: await outcome(() => etcd.members()),
      nodes: await outcome(() => kube.nodes()),
      up: servers.filter(({ up }) => up).length,
    }).toEqual({
      ready: false,
      members: 'etcd.unreachable',
      nodes: 'kube.unreachable',
      up: 0,
    });
  });

  test('is served by the side with the quorum while the network is cut', async () => {
    const bench = await threeControlPlanes();
    for (const other of ['n2', 'n3', 'n4']) bench.world.cut('n1', other);
    await bench.clock.advance(60_000);
    const [minority, majority] = [bench.host(0), bench.host(1)];
    const during = [await minority.ports.kube.localApiServerReady(), await readiness(bench, 1)];
    bench.world.heal();
    await bench.clock.advance(10_000);
    expect([during, await minority.ports.kube.localApiServerReady()]).toEqual([
      [false, { n1: false, n2: true, n3: true, n4: true }],
      true,
    ]);
    expect(await outcome(() => majority.ports.etcd.members())).toHaveLength(3);
  });

  test('has no quorum at two members that do not hear each other, even one way', async () => {
    const bench = simulatedBench({ hosts: 2 });
    await bench.drive(buildCluster(bench, 2));
    bench.world.cut('n1', 'n2', { direction: 'one-way' });
    await bench.clock.advance(30_000);
    const answers = bench.hosts.map(({ ports }) => outcome(() => ports.etcd.members()));
    expect(await Promise.all(answers)).toEqual(['etcd.unreachable', 'etcd.unreachable']);
  });

  test('keeps the member of a wiped host, which itself knows nothing any more', async () => {
    const bench = await threeControlPlanes();
    bench.world.wipe('n3');
    bench.world.boot('n3');
    await bench.clock.advance(60_000);
    const { files, etcd } = bench.host(2).ports;
    expect({
      files: await files.list('/etc/kubernetes'),
      own: await etcd.members(),
      others: (await bench.host(0).ports.etcd.members())?.map(({ name }) => name).sort(),
    }).toEqual({ files: [], own: undefined, others: ['n1', 'n2', 'n3'] });
  });

  test('has no API server where a file that its flags name is missing', async () => {
    const bench = simulatedBench({ hosts: 1 });
    await bench.drive(buildCluster(bench, 1));
    const { files, kube } = bench.host(0).ports;
    const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml';
    const flag = '    - --audit-policy-file=/etc/kubernetes/audit-policy.yaml\n';
    await files.write(manifest, `${await files.read(manifest)}${flag}`, 0o600);
    const without = await kube.localApiServerReady();
    await files.write('/etc/kubernetes/audit-policy.yaml', 'kind: Policy\n', 0o600);
    await bench.clock.advance(25_000);
    expect([without, await kube.localApiServerReady()]).toEqual([false, true]);
  });

  test('does nothing when nothing happens', async () => {
    const bench = await threeControlPlanes();
    const before = JSON.stringify([...bench.world.state.clusters.values()]);
    const changes = bench.world.state.journal.length;
    await bench.clock.advance(24 * 3_600_000);
    expect(JSON.stringify([...bench.world.state.clusters.values()])).toBe(before);
    expect(bench.world.state.journal).toHaveLength(changes);
  });
});

/** n1 to n3 are control planes, n4 is a worker. */
async function threeControlPlanes(): Promise<SimulatedBench> {
  const bench = simulatedBench({ hosts: 4 });
  await bench.drive(buildCluster(bench, 3));
  await balance(bench.hosts, bench.hosts.slice(0, 3));
  await bench.clock.advance(30_000);
  return bench;
}

async function readiness(bench: SimulatedBench, from: number): Promise<Record<string, boolean>> {
  const nodes = await bench.host(from).ports.kube.nodes();
  return Object.fromEntries(nodes.map(({ name, ready }) => [name, ready]));
}

async function clusterOf(bench: SimulatedBench) {
  const { kube, etcd } = bench.host(0).ports;
  return {
    nodes: await kube.nodes(),
    members: await etcd.members(),
    clusters: bench.world.state.clusters.size,
  };
}
