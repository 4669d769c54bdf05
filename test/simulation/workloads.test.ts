import { describe, expect, test } from '@jest/globals';
import type { SimulatedPod } from '../../src/simulation/workloads/simulated-pod.ts';
import type { WorkloadSpec } from '../../src/simulation/workloads/workload.ts';
import { buildCluster } from '../contracts/cluster-by-hand.ts';
import { outcome } from '../contracts/host-facts.ts';
import { type SimulatedBench, simulatedBench } from './simulated-bench.ts';

const WEB: WorkloadSpec = { kind: 'Deployment', name: 'web', replicas: 2 };
const SELECTOR = { matchLabels: { app: 'web' }, matchExpressions: [] };
const OUT_OF_SERVICE = {
  key: 'node.kubernetes.io/out-of-service',
  value: 'nodeshutdown',
  effect: 'NoExecute',
} as const;

describe('simulated workloads', () => {
  test('run spread over the workers, and are made anew where they are evicted', async () => {
    const bench = await cluster(3);
    await applied(bench, { ...WEB, replicas: 4 });
    const before = podsOf(bench, 'web')
      .map(({ node }) => node)
      .toSorted();
    const [pod] = podsOf(bench, 'web');
    if (pod) await bench.host(0).ports.kube.evict(pod);
    await bench.clock.advance(10_000);
    const after = podsOf(bench, 'web');
    expect([before, after.length, after.some(({ uid }) => uid === pod?.uid)]).toEqual([
      ['n2', 'n2', 'n3', 'n3'],
      4,
      false,
    ]);
  });

  test('of a pod that two budgets select none lets it go', async () => {
    const bench = await cluster(2);
    await applied(bench, WEB);
    for (const name of ['a', 'b']) {
      bench.world.applyBudget('n1', {
        namespace: 'default',
        name,
        selector: SELECTOR,
        minAvailable: 1,
      });
    }
    const [pod] = podsOf(bench, 'web');
    expect(pod && (await bench.host(0).ports.kube.evict(pod))).toEqual({
      outcome: 'refused',
      text: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    });
  });

  test('an eviction that means another pod of that name costs the budget for two minutes', async () => {
    const bench = await cluster(2);
    await applied(bench, WEB);
    bench.world.applyBudget('n1', {
      namespace: 'default',
      name: 'web',
      selector: SELECTOR,
      minAvailable: 1,
    });
    const { kube } = bench.host(0).ports;
    const [pod, other] = podsOf(bench, 'web');
    if (!pod || !other) throw new Error('there are no pods');
    const stale = await kube.evict({ ...pod, uid: 'another' });
    const soon = await kube.evict(other);
    await bench.clock.advance(120_000);
    expect([stale.outcome, soon.outcome, await kube.evict(other)]).toEqual([
      'gone',
      'refused',
      { outcome: 'evicted' },
    ]);
  });

  test('a pod that never ran may go whatever its budget says', async () => {
    const bench = await cluster(1);
    bench.world.applyWorkload('n1', WEB);
    bench.world.applyBudget('n1', {
      namespace: 'default',
      name: 'web',
      selector: SELECTOR,
      minAvailable: 2,
    });
    await bench.clock.advance(5_000);
    const [pod] = podsOf(bench, 'web');
    expect([pod?.phase, pod?.node, pod && (await bench.host(0).ports.kube.evict(pod))]).toEqual([
      'Pending',
      null,
      { outcome: 'evicted' },
    ]);
  });

  test('are asked to leave a lost node after five minutes, and stay until it is out of service', async () => {
    const bench = await cluster(2);
    await applied(bench, WEB);
    bench.world.powerOff('n2');
    await bench.clock.advance(120_000);
    const soon = podsOf(bench, 'web').map(({ terminating, ready }) => ({ terminating, ready }));
    await bench.clock.advance(300_000);
    const late = podsOf(bench, 'web').filter(({ node }) => node === 'n2');
    const terminating = late.map((pod) => pod.terminating);
    await bench.host(0).ports.kube.addTaint('n2', OUT_OF_SERVICE);
    await bench.clock.advance(30_000);
    expect({
      soon,
      terminating,
      left: podsOf(bench, 'web').filter(({ node }) => node === 'n2').length,
    }).toEqual({
      soon: [
        { terminating: false, ready: false },
        { terminating: false, ready: false },
      ],
      terminating: [true, true],
      left: 0,
    });
  });

  test('of a node that was deleted and is back at once are still bound to it', async () => {
    const bench = await cluster(2);
    await applied(bench, { kind: 'DaemonSet', name: 'daemon' });
    const [before] = podsOf(bench, 'daemon').filter(({ node }) => node === 'n2');
    const { kube } = bench.host(0).ports;
    const uid = (await kube.nodes()).find(({ name }) => name === 'n2')?.uid ?? '';
    bench.world.powerOff('n2');
    await kube.deleteNode('n2', uid);
    bench.world.boot('n2');
    await bench.clock.advance(30_000);
    const [after] = podsOf(bench, 'daemon').filter(({ node }) => node === 'n2');
    const node = (await kube.nodes()).find(({ name }) => name === 'n2');
    expect([after?.uid === before?.uid, after?.restarts, node?.uid === uid]).toEqual([
      true,
      1,
      false,
    ]);
  });

  test('of a node that stays away are collected after its Node was deleted', async () => {
    const bench = await cluster(2);
    await applied(bench, WEB);
    const { kube } = bench.host(0).ports;
    bench.world.powerOff('n2');
    const uid = (await kube.nodes()).find(({ name }) => name === 'n2')?.uid ?? '';
    await kube.deleteNode('n2', uid);
    await bench.clock.advance(10_000);
    const soon = podsOf(bench, 'web').filter(({ node }) => node === 'n2').length;
    await bench.clock.advance(40_000);
    expect([soon, podsOf(bench, 'web').filter(({ node }) => node === 'n2').length]).toEqual([2, 0]);
  });

  test('with volumes take them along, one after the other', async () => {
    const bench = await cluster(3);
    await applied(bench, { kind: 'StatefulSet', name: 'db', replicas: 1, volume: true });
    const { kube } = bench.host(0).ports;
    const [pod] = podsOf(bench, 'db');
    const from = pod?.node ?? '';
    const attached = await kube.volumeAttachments(from);
    await kube.setUnschedulable(from, true);
    if (pod) await kube.evict(pod);
    await bench.clock.advance(10_000);
    const [moved] = podsOf(bench, 'db');
    expect({
      attached,
      name: moved?.name,
      elsewhere: moved?.node !== from,
      left: await kube.volumeAttachments(from),
      followed: (await kube.volumeAttachments(moved?.node ?? '')).map(({ volume }) => volume),
    }).toEqual({
      attached: [{ name: `csi-db-0-${from}`, volume: 'pv-db-0', attached: true }],
      name: 'db-0',
      elsewhere: true,
      left: [],
      followed: ['pv-db-0'],
    });
  });

  test('are avoided by new pods where a node is to be upgraded soon', async () => {
    const bench = await cluster(3);
    const { kube } = bench.host(0).ports;
    await kube.addTaint('n2', { key: 'civitas.dev/soon', value: '', effect: 'PreferNoSchedule' });
    await applied(bench, WEB);
    expect(podsOf(bench, 'web').map(({ node }) => node)).toEqual(['n3', 'n3']);
  });

  test('and nodes are shown only to who holds admin.conf', async () => {
    const bench = await cluster(2);
    const { kube } = bench.host(1).ports;
    const calls = [
      () => kube.podsOn('n1'),
      () => kube.disruptionBudgets(),
      () => kube.evict({ namespace: 'default', name: 'x', uid: 'x' }),
      () => kube.nodeMarks('n2'),
      () => kube.setUnschedulable('n2', true),
      () => kube.nodeLeases(),
      () => kube.configMap('kubeadm-config'),
      () => kube.volumeAttachments('n2'),
    ];
    const outcomes = await Promise.all(calls.map((call) => outcome<unknown>(call)));
    expect(new Set(outcomes)).toEqual(new Set(['kube.refused']));
  });

  test('but for those of its own node, which a kubelet may see and evict', async () => {
    const bench = await cluster(2);
    const { kube } = bench.host(1).ports;
    const [proxy] = await kube.podsOn('n2');
    expect(proxy?.owner).toEqual({ kind: 'DaemonSet', name: 'kube-proxy' });
    if (proxy) expect(await kube.evict(proxy)).toEqual({ outcome: 'evicted' });
    await bench.clock.advance(60_000);
    const uids = (await kube.podsOn('n2')).map(({ uid }) => uid);
    expect(uids).toHaveLength(1);
    expect(uids).not.toContain(proxy?.uid);
  });
});

/** One control plane and workers. */
async function cluster(hosts: number): Promise<SimulatedBench> {
  const bench = simulatedBench({ hosts });
  await bench.drive(buildCluster(bench, 1));
  return bench;
}

async function applied(bench: SimulatedBench, workload: WorkloadSpec): Promise<void> {
  bench.world.applyWorkload('n1', workload);
  await bench.clock.advance(10_000);
}

function podsOf({ world }: SimulatedBench, prefix: string): readonly SimulatedPod[] {
  const pods = [...world.state.clusters.values()].flatMap((each) => [...each.pods.values()]);
  return pods.filter(({ name }) => name.startsWith(`${prefix}-`));
}
