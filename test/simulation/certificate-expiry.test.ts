import { describe, expect, test } from '@jest/globals';
import { balance, buildCluster, runProgram } from '../contracts/cluster-by-hand.ts';
import { outcome } from '../contracts/host-facts.ts';
import { CONFIG } from '../contracts/kubeadm-files.ts';
import { type SimulatedBench, simulatedBench } from './simulated-bench.ts';

const DAY_MS = 86_400_000;
const THIRTEEN_MONTHS_MS = 395 * DAY_MS;

describe('certificates of simulated machines', () => {
  test('end the API after a year in which nobody renewed them', async () => {
    const bench = await controlPlanes(1);
    const { kube } = bench.host(0).ports;
    await bench.clock.advance(364 * DAY_MS);
    const inTime = await outcome(async () => (await kube.nodes()).length);
    await bench.clock.advance(2 * DAY_MS);
    expect([inTime, await kube.localApiServerReady(), await outcome(() => kube.nodes())]).toEqual([
      1,
      false,
      'kube.unreachable',
    ]);
  });

  test.each([
    { clock: 'a year behind', offsetMs: -365 * DAY_MS, answer: 'kube.unreachable' },
    { clock: 'thirteen months ahead', offsetMs: THIRTEEN_MONTHS_MS, answer: 'kube.unreachable' },
    { clock: 'a minute behind', offsetMs: -60_000, answer: 2 },
  ])('are looked at with the clock of who looks: $clock', async ({ offsetMs, answer }) => {
    const bench = await controlPlanes(2);
    bench.world.setWallOffset('n2', offsetMs);
    await bench.clock.advance(30_000);
    const counts = [0, 1].map((index) =>
      outcome(async () => (await bench.host(index).ports.kube.nodes()).length),
    );
    bench.world.setWallOffset('n2', 0);
    await bench.clock.advance(60_000);
    const later = await outcome(async () => (await bench.host(1).ports.kube.nodes()).length);
    expect([(await Promise.all(counts))[1], later]).toEqual([answer, 2]);
  });

  test('let the API live on when kubeadm renews them in time and the components start anew', async () => {
    const bench = await controlPlanes(1);
    await bench.clock.advance(300 * DAY_MS);
    await renew(bench, 0);
    await restartComponents(bench, 0);
    await bench.clock.advance(200 * DAY_MS);
    const [node] = await bench.host(0).ports.kube.nodes();
    expect([await bench.host(0).ports.kube.localApiServerReady(), node?.ready]).toEqual([
      true,
      true,
    ]);
  });

  test('a controller manager that was not restarted works with the certificate it read', async () => {
    const bench = await controlPlanes(1);
    await bench.clock.advance(300 * DAY_MS);
    await renew(bench, 0);
    await bench.clock.advance(100 * DAY_MS);
    const { kube } = bench.host(0).ports;
    const stalled = await newcomerHasNetwork(bench);
    await restartComponents(bench, 0);
    await bench.clock.advance(30_000);
    expect([await kube.localApiServerReady(), stalled, await newcomerHasNetwork(bench)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('of kubelets renew themselves while the cluster is there', async () => {
    const bench = simulatedBench({ hosts: 2 });
    await bench.drive(buildCluster(bench, 1));
    const certificate = () =>
      bench.host(1).ports.files.read('/var/lib/kubelet/pki/kubelet-client-current.pem');
    const first = await certificate();
    await bench.clock.advance(295 * DAY_MS);
    expect([typeof first, (await certificate()) === first]).toEqual(['string', false]);
  });

  test('a cluster that was off for thirteen months starts once all of them are renewed', async () => {
    const bench = await controlPlanes(3);
    for (const { name } of bench.hosts) bench.world.powerOff(name);
    await bench.clock.advance(THIRTEEN_MONTHS_MS);
    for (const { name } of bench.hosts) bench.world.boot(name);
    await bench.clock.advance(120_000);
    const dark = await Promise.all(
      bench.hosts.map(({ ports }) => ports.kube.localApiServerReady()),
    );
    for (const [index, { ports }] of bench.hosts.entries()) {
      await renew(bench, index);
      await ports.files.remove('/etc/kubernetes/kubelet.conf');
      await bench.drive(
        runProgram(bench, bench.host(index), [
          ...(['kubeadm', 'init', 'phase', 'kubeconfig', 'kubelet'] as const),
          ...['--config', CONFIG],
        ]),
      );
    }
    await bench.clock.advance(120_000);
    const nodes = await bench.host(1).ports.kube.nodes();
    expect([dark, nodes.map(({ ready }) => ready)]).toEqual([
      [false, false, false],
      [true, true, true],
    ]);
  });

  test('are neither renewed without the key of the authority nor made where there are none', async () => {
    const bench = await controlPlanes(1);
    const { files } = bench.host(0).ports;
    await files.remove('/etc/kubernetes/pki/etcd/ca.key');
    await files.remove('/etc/kubernetes/scheduler.conf');
    const state = await renew(bench, 0);
    const lines = 'output' in state ? state.output.split('\n') : [];
    expect(lines.filter((line) => /external|MISSING/.test(line))).toEqual([
      "Detected external etcd/ca, certificate the apiserver uses to access etcd can't be renewed",
      "Detected external etcd/ca, certificate for liveness probes to healthcheck etcd can't be renewed",
      "Detected external etcd/ca, certificate for etcd nodes to communicate with each other can't be renewed",
      "Detected external etcd/ca, certificate for serving etcd can't be renewed",
      'MISSING! certificate embedded in the kubeconfig file for the scheduler manager to use',
    ]);
  });
});

async function controlPlanes(count: number): Promise<SimulatedBench> {
  const bench = simulatedBench({ hosts: count });
  await bench.drive(buildCluster(bench, count));
  await balance(bench.hosts, bench.hosts);
  await bench.clock.advance(10_000);
  return bench;
}

function renew(bench: SimulatedBench, index: number) {
  return bench.drive(runProgram(bench, bench.host(index), ['kubeadm', 'certs', 'renew', 'all']));
}

/** Moves the manifests away and back, one after the other, as kubeadm asks for. */
async function restartComponents(bench: SimulatedBench, index: number): Promise<void> {
  const { files } = bench.host(index).ports;
  for (const name of ['kube-scheduler', 'kube-controller-manager', 'kube-apiserver', 'etcd']) {
    const path = `/etc/kubernetes/manifests/${name}.yaml`;
    const manifest = (await files.read(path)) ?? '';
    await files.remove(path);
    await bench.clock.advance(30_000);
    await files.write(path, manifest, 0o600);
    await bench.clock.advance(30_000);
  }
}

/** A controller manager gives a Node its pod network. */
async function newcomerHasNetwork({ world, clock }: SimulatedBench): Promise<boolean> {
  const [cluster] = world.state.clusters.values();
  const known = cluster?.nodes.get('n1');
  if (!cluster || !known) return false;
  cluster.nodes.set('new', { ...known, name: 'new', podCidr: null });
  world.raiseAlarm('n1', 'NOSPACE');
  world.clearAlarms('n1');
  await clock.advance(20_000);
  const network = cluster.nodes.get('new')?.podCidr;
  cluster.nodes.delete('new');
  return typeof network === 'string';
}
