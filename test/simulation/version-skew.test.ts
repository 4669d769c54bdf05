import { describe, expect, test } from '@jest/globals';
import {
  balance,
  buildCluster,
  handOver,
  init,
  prepare,
  runProgram,
} from '../contracts/cluster-by-hand.ts';
import { complaints } from '../contracts/host-facts.ts';
import { CONFIG, initConfig } from '../contracts/kubeadm-files.ts';
import { type SimulatedBench, simulatedBench } from './simulated-bench.ts';

const REFUSED = 'error: error execution phase preflight: preflight checks failed';

describe('versions on a simulated host', () => {
  test('are linked one at a time, and those put beside the others count', async () => {
    const bench = simulatedBench({ hosts: 1 });
    const { host, files } = bench.host(0).ports;
    const stateOf = async (version: string) =>
      (await host.check(version)).find(({ name }) => name === 'binaries')?.state;
    const before = [await stateOf('v1.34.4'), await stateOf('v1.33.13'), await stateOf('v1.35.1')];
    await files.write('/opt/civitas/kubernetes/1.35.1/kubeadm', 'program', 0o755);
    await host.prepare('binaries', 'v1.33.13');
    const after = [await stateOf('v1.34.4'), await stateOf('v1.33.13'), await stateOf('v1.35.1')];
    expect([before, after]).toEqual([
      ['ok', 'can-prepare', 'missing'],
      ['can-prepare', 'ok', 'can-prepare'],
    ]);
  });

  test('of the kubelet change when it is started anew, not when they are linked', async () => {
    const bench = simulatedBench({
      hosts: 1,
      spec: { kubernetesVersions: ['v1.33.13', 'v1.34.4'] },
    });
    await bench.drive(buildCluster(bench, 1));
    const [first] = bench.hosts;
    const version = async () => (await first?.ports.kube.nodes())?.[0]?.kubeletVersion;
    await first?.ports.host.prepare('binaries', 'v1.34.4');
    await bench.clock.advance(60_000);
    const linked = await version();
    await restartKubelet(bench);
    expect([linked, await version()]).toEqual(['v1.33.13', 'v1.34.4']);
  });

  test.each([
    { before: 'v1.33.13', left: [] },
    {
      before: 'v1.34.1',
      left: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
    },
  ])('of the kubelet: static pods that it left at $before when it became v1.34.4', async (row) => {
    const kubernetesVersions = [row.before, 'v1.34.4'];
    const bench = simulatedBench({ hosts: 1, spec: { kubernetesVersions } });
    await bench.drive(buildCluster(bench, 1));
    const mirrorPods = async () =>
      (await bench.host(0).ports.kube.podsOn('n1')).filter(({ mirror }) => mirror);
    const uids = (await mirrorPods()).map(({ uid }) => uid);
    await bench.host(0).ports.host.prepare('binaries', 'v1.34.4');
    await restartKubelet(bench);
    await bench.clock.advance(60_000);
    const left = (await mirrorPods()).filter(({ uid }) => uids.includes(uid));
    expect(left.map(({ name }) => name.replace('-n1', ''))).toEqual(row.left);
  });

  test('that kubeadm does not know are refused: a kubelet more than three minors behind', async () => {
    const bench = await prepared(['v1.30.9', 'v1.34.4']);
    expect(await initWith(bench, 'v1.34.4', 'v1.34.4')).toEqual([
      '[ERROR KubeletVersion]: Kubelet version "1.30.9" is lower than kubeadm can support. Please upgrade kubelet',
      REFUSED,
    ]);
  });

  test('that kubeadm does not know are refused: a kubelet newer than the control plane', async () => {
    const bench = await prepared(['v1.34.4', 'v1.33.13']);
    expect((await initWith(bench, 'v1.34.4', 'v1.33.13'))[0]).toBe(
      '[ERROR KubeletVersion]: the kubelet version is higher than the control plane version. This is not a supported version skew and may lead to a malfunctional cluster. Kubelet version: "1.34.4" Control plane version: "1.33.13"',
    );
  });

  test('that kubeadm does not know are refused: a cluster two minors behind', async () => {
    const kubernetesVersions = ['v1.33.13', 'v1.35.1'];
    const bench = simulatedBench({ hosts: 2, spec: { kubernetesVersions } });
    const [first, second] = [bench.host(0), bench.host(1)];
    await balance(bench.hosts, [first]);
    await bench.drive(init(bench, first));
    await bench.drive(handOver(bench, second, { role: 'worker', sponsor: first }));
    const kubeadm = bench.room.program('kubeadm', 'v1.35.1');
    const state = await bench.drive(
      runProgram(bench, second, [kubeadm, 'join', '--config', CONFIG]),
    );
    expect(complaints(state)).toEqual([
      'error: error execution phase preflight: this version of kubeadm only supports deploying clusters with the control plane version >= 1.34.0. Current version: v1.33.13',
    ]);
  });

  test('that are not there can not be run', async () => {
    const bench = simulatedBench({ hosts: 1 });
    const kubeadm = bench.room.program('kubeadm', 'v1.99.0');
    const started = runProgram(bench, bench.host(0), [kubeadm, 'certs', 'renew', 'all']);
    await expect(bench.drive(started)).rejects.toMatchObject({ code: 'operation.not-started' });
  });
});

async function prepared(kubernetesVersions: readonly string[]): Promise<SimulatedBench> {
  const bench = simulatedBench({ hosts: 1, spec: { kubernetesVersions } });
  await bench.drive(prepare(bench, bench.host(0)));
  return bench;
}

async function initWith(bench: SimulatedBench, kubeadmVersion: string, kubernetesVersion: string) {
  const { componentConfigs } = bench;
  const config = initConfig({ ...bench.host(0), kubernetesVersion, componentConfigs });
  await bench.host(0).ports.files.write(CONFIG, config, 0o600);
  const kubeadm = bench.room.program('kubeadm', kubeadmVersion);
  const argv = [kubeadm, 'init', '--config', CONFIG] as const;
  return complaints(await bench.drive(runProgram(bench, bench.host(0), argv)));
}

async function restartKubelet(bench: SimulatedBench): Promise<void> {
  await bench.drive(runProgram(bench, bench.host(0), ['systemctl', 'restart', 'kubelet']));
  await bench.clock.advance(10_000);
}
