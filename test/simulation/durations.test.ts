import { describe, expect, test } from '@jest/globals';
import { dropFolder } from '../../src/simulation/simulated-disk.ts';
import {
  balance,
  handOver,
  init,
  makeReady,
  type Role,
  run,
} from '../contracts/cluster-by-hand.ts';
import type { ContractHost } from '../contracts/contract-bench.ts';
import { type SimulatedBench, simulatedBench } from './simulated-bench.ts';

/** Seconds as measured on real machines, with some room to either side. */
interface Row {
  readonly what: string;
  readonly version?: string;
  readonly role: Role;
  readonly manifestsFolder: boolean;
  readonly between: readonly [number, number];
}

const V132 = 'v1.32.9';

describe('on a simulated host', () => {
  test('kubeadm init takes about 7 s', async () => {
    const bench = simulatedBench({ hosts: 1 });
    await balance(bench.hosts, bench.hosts);
    expectBetween(await secondsOf(bench, init(bench, bench.host(0))), [6, 9]);
  });

  test.each<Row>([
    { what: 'a worker', role: 'worker', manifestsFolder: true, between: [1, 2.5] },
    { what: 'a control plane', role: 'control-plane', manifestsFolder: true, between: [7, 10.5] },
    {
      what: 'a control plane without a manifests folder',
      role: 'control-plane',
      manifestsFolder: false,
      between: [16, 24],
    },
    {
      what: 'a control plane before 1.33',
      version: V132,
      role: 'control-plane',
      manifestsFolder: true,
      between: [7, 10.5],
    },
  ])('$what joins in $between.0 to $between.1 s', async (row) => {
    const { version = 'v1.34.4', role, manifestsFolder, between } = row;
    const bench = simulatedBench({ hosts: 2, spec: { kubernetesVersions: [version] } });
    const [first, second] = [bench.host(0), bench.host(1)];
    await balance(bench.hosts, [first]);
    await bench.drive(init(bench, first));
    await bench.drive(handOver(bench, second, { role, sponsor: first }));
    const host = bench.world.state.hosts.get('n2');
    if (host && !manifestsFolder) dropFolder(host.disk, '/etc/kubernetes/manifests');
    const joined = run(bench, second, 'join');
    expectBetween(await secondsOf(bench, joined), between);
    expect((await joined).phase).toBe('succeeded');
    expectBetween(await secondsOf(bench, makeReady(bench, second)), [0, 2]);
  });

  test.each([
    { what: 'asks again', restarts: false, between: [15, 18] as const },
    { what: 'is restarted, and asks at once', restarts: true, between: [10, 13] as const },
  ])(
    'a control plane whose API server answers late joins in $between.0 to $between.1 s when its kubelet $what',
    async ({ restarts, between }) => {
      const bench = simulatedBench({ hosts: 2 });
      const [first, second] = [bench.host(0), bench.host(1)];
      await balance(bench.hosts, [first]);
      await bench.drive(init(bench, first));
      await bench.drive(handOver(bench, second, { role: 'control-plane', sponsor: first }));
      delayApiServer(bench);
      if (restarts) restartInTime(bench, second);
      const joined = run(bench, second, 'join');
      expectBetween(await secondsOf(bench, joined), between);
      expect((await joined).phase).toBe('succeeded');
    },
  );
});

/** Nobody takes the second host's member of etcd in for a while. */
function delayApiServer({ world, clock }: SimulatedBench): void {
  const forget = world.onChange(({ host, detail }) => {
    if (host !== 'n2' || detail !== 'join etcd-join') return;
    forget();
    void clock.sleep(1).then(() => world.cut('n1', 'n2'));
    void clock.sleep(4_000).then(() => world.heal());
  });
}

function restartInTime({ world }: SimulatedBench, { ports }: ContractHost): void {
  const forget = world.onRest(() => {
    if (!world.state.hosts.get('n2')?.runtime?.apiServerReady) return;
    forget();
    void ports.host.restartKubelet();
  });
}

async function secondsOf(bench: SimulatedBench, work: Promise<unknown>): Promise<number> {
  const startedMs = bench.clock.nowMs();
  await bench.drive(work);
  return (bench.clock.nowMs() - startedMs) / 1_000;
}

function expectBetween(seconds: number, [least, most]: readonly [number, number]): void {
  expect(seconds).toBeGreaterThan(least);
  expect(seconds).toBeLessThan(most);
}
