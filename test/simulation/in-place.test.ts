import { describe, expect, test } from '@jest/globals';
import { balance, buildCluster, handOver, run, runProgram } from '../contracts/cluster-by-hand.ts';
import { complaints } from '../contracts/host-facts.ts';
import { demote, promote } from '../contracts/in-place.ts';
import { CONFIG } from '../contracts/kubeadm-files.ts';
import { type SimulatedBench, simulatedBench } from './simulated-bench.ts';

describe('promotion of a simulated worker in place', () => {
  test('takes about six seconds where the manifests folder was there all along, with the same kubelet', async () => {
    const bench = await cluster(3, 2);
    const kubelet = () => bench.world.state.hosts.get('n3')?.runtime?.kubelet.startedAtMs;
    const before = kubelet();
    const seconds = await secondsOf(bench, promote(bench, bench.host(2), bench.host(0)));
    expect([seconds > 4 && seconds < 9, kubelet() === before]).toEqual([true, true]);
  });

  test('with the manifests before etcd has an API server that waits for its etcd', async () => {
    const bench = await cluster(3, 2);
    const host = bench.host(2);
    await bench.drive(handOver(bench, host, { role: 'control-plane', sponsor: bench.host(0) }));
    for (const phase of ['certs', 'kubeconfig', 'control-plane']) {
      await bench.drive(joinPhase(bench, 'control-plane-prepare', phase));
    }
    await bench.clock.advance(30_000);
    const early = await host.ports.kube.localApiServerReady();
    await bench.drive(joinPhase(bench, 'etcd-join'));
    await bench.clock.advance(5_000);
    expect([early, await host.ports.kube.localApiServerReady()]).toEqual([false, true]);
  });

  test('cut off after the learner was added is finished by promoting it', async () => {
    const bench = await cluster(3, 2);
    const [first, host] = [bench.host(0), bench.host(2)];
    await bench.drive(handOver(bench, host, { role: 'control-plane', sponsor: first }));
    for (const phase of ['certs', 'kubeconfig']) {
      await bench.drive(joinPhase(bench, 'control-plane-prepare', phase));
    }
    const forget = bench.world.onChange(({ event, host: at }) => {
      if (event !== 'member.added' || at !== 'n3') return;
      forget();
      void bench.clock.sleep(1_000).then(() => bench.world.killOperation('n3', 'contract'));
    });
    await bench.drive(joinPhase(bench, 'etcd-join'));
    await bench.clock.advance(10_000);
    const learner = (await first.ports.etcd.members())?.find(({ learner: is }) => is);
    const promoted = await first.ports.etcd.promoteMember(learner?.id ?? '');
    await bench.drive(joinPhase(bench, 'control-plane-prepare', 'control-plane'));
    await bench.drive(joinPhase(bench, 'control-plane-join', 'mark-control-plane'));
    await bench.clock.advance(10_000);
    expect([
      learner?.name,
      promoted.outcome,
      await host.ports.kube.localApiServerReady(),
      (await first.ports.kube.nodes()).map(({ controlPlane }) => controlPlane),
    ]).toEqual(['n3', 'done', true, [true, true, true]]);
  });

  test('without the key of an authority makes no certificates', async () => {
    const bench = await cluster(3, 2);
    const host = bench.host(2);
    await bench.drive(handOver(bench, host, { role: 'control-plane', sponsor: bench.host(0) }));
    await host.ports.files.remove('/etc/kubernetes/pki/ca.key');
    const refused = await bench.drive(joinPhase(bench, 'control-plane-prepare', 'certs'));
    expect(complaints(refused)).toEqual([
      'error: error execution phase control-plane-prepare/certs: error creating PKI assets: could not load expected certificate "apiserver" or validate the existence of key "ca" for it: failure loading key for apiserver: couldn\'t load the private key file /etc/kubernetes/pki/apiserver.key: open /etc/kubernetes/pki/apiserver.key: no such file or directory',
    ]);
  });

  test('is refused by etcd while a dead member is in it', async () => {
    const bench = await cluster(4, 3);
    bench.world.powerOff('n3');
    await bench.clock.advance(60_000);
    const host = bench.host(3);
    await bench.drive(handOver(bench, host, { role: 'control-plane', sponsor: bench.host(0) }));
    for (const phase of ['certs', 'kubeconfig']) {
      await bench.drive(joinPhase(bench, 'control-plane-prepare', phase, 3));
    }
    const refused = await bench.drive(joinPhase(bench, 'etcd-join', undefined, 3));
    expect(complaints(refused)).toEqual([
      'error: error execution phase etcd-join: error creating local etcd static pod manifest file: etcdserver: unhealthy cluster',
    ]);
  });
});

describe('demotion of a simulated control plane in place', () => {
  test('takes about twenty seconds', async () => {
    const bench = await cluster(3, 3);
    const options = { via: bench.host(0), others: bench.hosts.slice(0, 2) };
    const seconds = await secondsOf(bench, demote(bench, bench.host(2), options));
    expect(seconds > 12 && seconds < 26).toBe(true);
  });

  test('hangs for two minutes when the kubelet was restarted before the manifests went', async () => {
    const bench = await cluster(3, 3);
    const host = bench.host(2);
    await bench.drive(runProgram(bench, host, ['systemctl', 'restart', 'kubelet']));
    await bench.clock.advance(2_000);
    for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
      await host.ports.files.remove(`/etc/kubernetes/manifests/${name}.yaml`);
    }
    await bench.clock.advance(97_000);
    const still = [...(bench.world.state.hosts.get('n3')?.runtime?.pods ?? [])].length;
    await bench.clock.advance(30_000);
    const later = [...(bench.world.state.hosts.get('n3')?.runtime?.pods ?? [])].length;
    expect([still, later]).toEqual([4, 0]);
  });
});

describe('simulated kubeadm reset', () => {
  test('of a phase alone does only that', async () => {
    const bench = await cluster(3, 3);
    const third = bench.host(2);
    const argv = ['kubeadm', 'reset', 'phase', 'remove-etcd-member', '--force'] as const;
    const state = await bench.drive(runProgram(bench, third, argv));
    expect([
      state.phase,
      (await bench.host(0).ports.etcd.members())?.length,
      (await third.ports.files.list('/etc/kubernetes/manifests')).length,
    ]).toEqual(['succeeded', 2, 4]);
  });

  test('only warns when it reaches no API, and leaves the member behind', async () => {
    const bench = await cluster(3, 3);
    for (const other of ['n1', 'n2']) bench.world.cut('n3', other);
    await bench.clock.advance(5_000);
    const state = await bench.drive(run(bench, bench.host(2), 'reset'));
    const output = 'output' in state ? state.output : '';
    expect([
      state.phase,
      output.includes('W [reset] Unable to fetch the kubeadm-config ConfigMap from cluster'),
      (await bench.host(0).ports.etcd.members())?.length,
    ]).toEqual(['succeeded', true, 3]);
  });

  test('takes the temporary files along only when told to', async () => {
    const bench = await cluster(2, 1);
    const { files } = bench.host(1).ports;
    await files.write('/etc/kubernetes/tmp/kept/config.yaml', 'x', 0o600);
    await bench.drive(run(bench, bench.host(1), 'reset'));
    const kept = await files.list('/etc/kubernetes/tmp');
    const argv = ['kubeadm', 'reset', '--force', '--cleanup-tmp-dir'] as const;
    await bench.drive(runProgram(bench, bench.host(1), argv));
    expect([kept, await files.list('/etc/kubernetes/tmp')]).toEqual([['kept'], []]);
  });
});

/** The first `controlPlanes` of the hosts are control planes. */
async function cluster(hosts: number, controlPlanes: number): Promise<SimulatedBench> {
  const bench = simulatedBench({ hosts });
  await bench.drive(buildCluster(bench, controlPlanes));
  await balance(bench.hosts, bench.hosts.slice(0, controlPlanes));
  await bench.clock.advance(12_000);
  return bench;
}

function joinPhase(bench: SimulatedBench, phase: string, part?: string, index = 2) {
  const words = part === undefined ? [phase] : [phase, part];
  const argv = ['kubeadm', 'join', 'phase', ...words, '--config', CONFIG] as const;
  return runProgram(bench, bench.host(index), argv);
}

async function secondsOf(bench: SimulatedBench, work: Promise<unknown>): Promise<number> {
  const startedMs = bench.clock.nowMs();
  await bench.drive(work);
  return (bench.clock.nowMs() - startedMs) / 1_000;
}
