import { describe, expect, test } from '@jest/globals';
import { addLearner } from '../../src/simulation/etcd-membership.ts';
import { isPowered } from '../../src/simulation/simulated-host.ts';
import { hostNamed } from '../../src/simulation/world-state.ts';
import {
  balance,
  buildCluster,
  ended,
  handOver,
  init,
  run,
  start,
} from '../contracts/cluster-by-hand.ts';
import { complaints } from '../contracts/host-facts.ts';
import { type SimulatedBench, simulatedBench } from './simulated-bench.ts';

describe('joining simulated etcd', () => {
  test('two joins at once wait for each other: there is never more than one learner', async () => {
    const bench = await readyToJoin(3);
    let mostLearners = 0;
    bench.world.onChange(() => {
      mostLearners = Math.max(mostLearners, membersOf(bench).filter(isLearner).length);
    });
    await joinAtOnce(bench, [1, 2]);
    expect({ mostLearners, members: membersOf(bench).toSorted() }).toEqual({
      mostLearners: 1,
      members: ['n1 voter', 'n2 voter', 'n3 voter'],
    });
  });

  test('an orphan learner keeps others out, also after a reset of its host, which has no Node yet', async () => {
    const bench = await readyToJoin(3);
    killAfterAnnouncement(bench, 'n2');
    await bench.drive(run(bench, bench.host(1), 'join'));
    expect(membersOf(bench)).toEqual(['n1 voter', '(10.88.0.2) learner']);

    const refused = complaints(await bench.drive(run(bench, bench.host(2), 'join')));
    expect(refused).toEqual([
      'error: error execution phase etcd-join: error creating local etcd static pod manifest file: etcdserver: too many learner members in cluster',
    ]);

    await bench.drive(run(bench, bench.host(1), 'reset'));
    expect(membersOf(bench)).toEqual(['n1 voter', '(10.88.0.2) learner']);
    const { etcd } = bench.host(0).ports;
    const orphan = (await etcd.members())?.find(({ learner }) => learner);
    expect(await etcd.removeMember(orphan?.id ?? '')).toEqual({ outcome: 'done' });
    await bench.drive(
      handOver(bench, bench.host(1), { role: 'control-plane', sponsor: bench.host(0) }),
    );
    await bench.drive(run(bench, bench.host(1), 'join'));
    expect(membersOf(bench)).toEqual(['n1 voter', 'n2 voter']);
  });

  test('a learner that does not start is given up, and stays', async () => {
    const bench = await readyToJoin(2);
    bench.world.onChange(({ event, host }) => {
      // Its static pods never start, as their kubelet is gone.
      if (event === 'member.added') stopKubelet(bench, host);
    });
    const failed = complaints(await bench.drive(run(bench, bench.host(1), 'join')));
    expect(failed.map((line) => line.replace(/[0-9a-f]{16}/, 'ID'))).toEqual([
      'error: error execution phase etcd-join: error creating local etcd static pod manifest file: the etcd member ID is not started',
    ]);
    expect(membersOf(bench)).toEqual(['n1 voter', '(10.88.0.2) learner']);
  });

  test('a learner that started and lost its disk never comes in sync', async () => {
    const bench = await readyToJoin(2);
    const [first, second] = [bench.host(0), bench.host(1)];
    await start(second, 'join');
    await bench.clock.runUntil(() => membersOf(bench).includes('n2 learner'));
    bench.world.wipe('n2');
    bench.world.boot('n2');
    await balance([second], [first]);
    await bench.drive(handOver(bench, second, { role: 'control-plane', sponsor: first }));
    expect(complaints(await bench.drive(run(bench, second, 'join')))).toEqual([
      'error: error execution phase etcd-join: error creating local etcd static pod manifest file: etcdserver: can only promote a learner member which is in sync with leader',
    ]);
  });

  test('members are added only while all voters were connected for five seconds', async () => {
    const bench = simulatedBench({ hosts: 3 });
    await bench.drive(buildCluster(bench, 3));
    bench.world.powerOff('n3');
    bench.world.boot('n3');
    const { hosts, clusters } = bench.world.state;
    await bench.clock.runUntil(() => hosts.get('n3')?.runtime?.etcd !== undefined);
    const host = hostNamed(bench.world.state, 'n1');
    const add = () =>
      [...clusters.values()].map((cluster) =>
        isPowered(host)
          ? addLearner({ world: bench.world.state, cluster, host }, 'new', 'https://10.88.0.9:2380')
          : undefined,
      );
    const soon = add();
    await bench.clock.advance(5_000);
    const member = { id: 'new', name: '', peerUrl: 'https://10.88.0.9:2380', learner: true };
    expect([soon, add()]).toMatchObject([
      [{ outcome: 'refused', text: 'etcdserver: unhealthy cluster' }],
      [{ outcome: 'done', member }],
    ]);
  });

  test('a member of three that died keeps newcomers out', async () => {
    const bench = simulatedBench({ hosts: 4 });
    await bench.drive(buildCluster({ ...bench, hosts: bench.hosts.slice(0, 3) }, 3));
    await balance(bench.hosts, bench.hosts.slice(0, 3));
    bench.world.powerOff('n3');
    await bench.clock.advance(60_000);
    await bench.drive(
      handOver(bench, bench.host(3), { role: 'control-plane', sponsor: bench.host(0) }),
    );
    expect(complaints(await bench.drive(run(bench, bench.host(3), 'join')))).toEqual([
      'error: error execution phase check-etcd: etcd cluster is not healthy: context deadline exceeded',
    ]);
  });
});

/** A first control plane, and the other hosts with all that a control plane needs to join. */
async function readyToJoin(hosts: number): Promise<SimulatedBench> {
  const bench = simulatedBench({ hosts });
  const first = bench.host(0);
  await balance(bench.hosts, [first]);
  await bench.drive(init(bench, first));
  for (const host of bench.hosts.slice(1)) {
    await bench.drive(handOver(bench, host, { role: 'control-plane', sponsor: first }));
  }
  return bench;
}

async function joinAtOnce(bench: SimulatedBench, indices: readonly number[]): Promise<void> {
  await Promise.all(indices.map((index) => start(bench.host(index), 'join')));
  await bench.drive(Promise.all(indices.map((index) => ended(bench, bench.host(index), 'join'))));
}

/** SIGKILL, once, when the new member was announced and nothing of it stands on the disk yet. */
function killAfterAnnouncement({ world }: SimulatedBench, name: string): void {
  const forget = world.onChange(({ event, host }) => {
    if (event !== 'member.added' || host !== name) return;
    forget();
    world.killOperation(name, 'join');
  });
}

function stopKubelet({ world }: SimulatedBench, name: string): void {
  const kubelet = world.state.hosts.get(name)?.runtime?.kubelet;
  if (kubelet) Object.assign(kubelet, { wanted: false, running: false });
}

function membersOf({ world }: SimulatedBench): readonly string[] {
  const [cluster] = world.state.clusters.values();
  return (cluster?.etcd.members ?? []).map(({ name, peerUrl, learner }) => {
    const label = name || `(${peerUrl.replace('https://', '').replace(':2380', '')})`;
    return `${label} ${learner ? 'learner' : 'voter'}`;
  });
}

function isLearner(member: string): boolean {
  return member.endsWith('learner');
}
