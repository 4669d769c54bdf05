import { describe, expect, test } from '@jest/globals';
import { addLearner } from '../../src/simulation/etcd-membership.ts';
import { isPowered } from '../../src/simulation/simulated-host.ts';
import { hostNamed } from '../../src/simulation/world-state.ts';
import { balance, buildCluster, handOver, start } from '../contracts/cluster-by-hand.ts';
import { outcome } from '../contracts/host-facts.ts';
import { type SimulatedBench, simulatedBench } from './simulated-bench.ts';

const NOT_FOUND = { outcome: 'refused', text: 'etcdserver: member not found' };
const NOT_ENOUGH = {
  outcome: 'refused',
  text: 'etcdserver: re-configuration failed due to not enough started members',
};
const UNHEALTHY = { outcome: 'refused', text: 'etcdserver: unhealthy cluster' };
const DONE = { outcome: 'done' };

describe('simulated etcd', () => {
  test('lets one of three go, then one of two, and never the last', async () => {
    const bench = await controlPlanes(3);
    const { etcd } = bench.host(0).ports;
    expect([
      await etcd.removeMember(await idOf(bench, 'n3')),
      await later(bench, async () => etcd.removeMember(await idOf(bench, 'n2'))),
      await later(bench, async () => etcd.removeMember(await idOf(bench, 'n1'))),
      await etcd.removeMember('0'),
      (await etcd.members())?.map(({ name }) => name),
    ]).toEqual([DONE, DONE, NOT_ENOUGH, NOT_FOUND, ['n1']]);
  });

  test('lets a dead member of three go, but no living one while another is dead', async () => {
    const bench = await controlPlanes(3);
    const { etcd } = bench.host(0).ports;
    bench.world.powerOff('n3');
    await bench.clock.advance(10_000);
    expect([
      await etcd.removeMember(await idOf(bench, 'n2')),
      await etcd.removeMember(await idOf(bench, 'n1')),
      await etcd.removeMember(await idOf(bench, 'n3')),
    ]).toEqual([UNHEALTHY, UNHEALTHY, DONE]);
  });

  test('lets no living member go that was connected for less than five seconds', async () => {
    const bench = await controlPlanes(3);
    bench.world.cut('n1', 'n3');
    await bench.clock.advance(2_000);
    bench.world.heal();
    await bench.clock.advance(3_000);
    const remove = async () => bench.host(0).ports.etcd.removeMember(await idOf(bench, 'n2'));
    expect([await remove(), await later(bench, remove)]).toEqual([UNHEALTHY, DONE]);
  });

  test('makes a learner a voter only once it is in sync', async () => {
    const bench = await controlPlanes(1, 2);
    const [first, second] = [bench.host(0), bench.host(1)];
    await bench.drive(handOver(bench, second, { role: 'control-plane', sponsor: first }));
    await start(second, 'join');
    await bench.clock.runUntil(() => namesOf(bench).includes('n2'));
    bench.world.killOperation('n2', 'join');
    const promote = async () => first.ports.etcd.promoteMember(await idOf(bench, 'n2'));
    const tooEarly = await promote();
    expect([
      tooEarly,
      await later(bench, promote),
      await promote(),
      await first.ports.etcd.promoteMember('0'),
    ]).toEqual([
      {
        outcome: 'refused',
        text: 'etcdserver: can only promote a learner member which is in sync with leader',
      },
      DONE,
      { outcome: 'refused', text: 'etcdserver: can only promote a learner member' },
      NOT_FOUND,
    ]);
  });

  test('moves its leader to a voter that lives, in a new term', async () => {
    const bench = await controlPlanes(3);
    const { etcd } = bench.host(0).ports;
    const before = await etcd.ownStatus();
    const target = await idOf(bench, before?.leaderId === (await idOf(bench, 'n2')) ? 'n3' : 'n2');
    const moved = await etcd.moveLeader(target);
    const after = await etcd.ownStatus();
    expect({
      moved,
      leader: after?.leaderId,
      term: (after?.raftTerm ?? 0) - (before?.raftTerm ?? 0),
      nobody: await etcd.moveLeader('0'),
    }).toEqual({
      moved: DONE,
      leader: target,
      term: 1,
      nobody: { outcome: 'refused', text: 'etcdserver: bad leader transferee' },
    });
  });

  test('takes a new peer URL, but none that another member has', async () => {
    const bench = await controlPlanes(2);
    const { etcd } = bench.host(0).ports;
    const update = async (url: string) => etcd.updatePeerUrl(await idOf(bench, 'n2'), url);
    const url = 'https://10.88.0.20:2380';
    expect([
      await update(url),
      await update((await etcd.members())?.find(({ name }) => name === 'n1')?.peerUrls[0] ?? ''),
      await update('nonsense'),
      (await etcd.members())?.find(({ name }) => name === 'n2')?.peerUrls,
    ]).toEqual([
      DONE,
      { outcome: 'refused', text: 'etcdserver: Peer URLs already exists' },
      { outcome: 'refused', text: 'etcdserver: given member URLs are invalid' },
      [url],
    ]);
  });

  test('tells of each member what that member says, and nothing of one that is down', async () => {
    const bench = await controlPlanes(3);
    bench.world.powerOff('n3');
    await bench.clock.advance(5_000);
    const health = await bench.host(0).ports.etcd.health();
    const [n1, n2, n3] = health?.members ?? [];
    expect([n1?.status, n2?.status, n3?.status, health?.alarms]).toEqual([
      expect.objectContaining({ id: n1?.id, version: '3.6.5', errors: [] }),
      expect.objectContaining({ raftTerm: n1?.status?.raftTerm, raftIndex: n1?.status?.raftIndex }),
      undefined,
      [],
    ]);
  });

  test('without a quorum tells only of itself, and still gives a snapshot', async () => {
    const bench = await controlPlanes(3);
    const { etcd } = bench.host(0).ports;
    for (const name of ['n2', 'n3']) bench.world.powerOff(name);
    await bench.clock.advance(5_000);
    const own = await etcd.ownStatus();
    const snapshot = await etcd.snapshot('/var/lib/civitas/snapshot.db');
    expect({
      health: await outcome(() => etcd.health()),
      remove: await outcome(() => etcd.removeMember('0')),
      own: { leaderId: own?.leaderId, errors: own?.errors },
      bytes: snapshot.bytes > 0,
      sha256: snapshot.sha256,
    }).toEqual({
      health: 'etcd.unreachable',
      remove: 'etcd.unreachable',
      own: { leaderId: null, errors: ['etcdserver: no leader'] },
      bytes: true,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('of two survivors the one that heard more knows a higher index', async () => {
    const bench = await controlPlanes(3);
    bench.world.cut('n3', 'n1');
    bench.world.cut('n3', 'n2');
    await bench.drive(
      bench.host(0).ports.kube.createBootstrapToken('another.0123456789abcdef'.slice(1), 2e12, 'x'),
    );
    await bench.clock.advance(5_000);
    const [ahead, behind] = await Promise.all(
      [0, 2].map((index) => bench.host(index).ports.etcd.ownStatus()),
    );
    expect((ahead?.raftIndex ?? 0) - (behind?.raftIndex ?? 0)).toBeGreaterThan(0);
  });

  test('with NOSPACE takes no writes, and with CORRUPT serves no API', async () => {
    const bench = await controlPlanes(1);
    const { etcd, kube } = bench.host(0).ports;
    const write = () =>
      outcome(() => kube.createBootstrapToken('abcdef.0123456789abcdef', 2e12, 'x'));
    bench.world.raiseAlarm('n1', 'NOSPACE');
    const full = [await kube.localApiServerReady(), await write(), (await etcd.health())?.alarms];
    bench.world.clearAlarms('n1');
    const cleared = await write();
    bench.world.raiseAlarm('n1', 'CORRUPT');
    const id = await idOf(bench, 'n1');
    expect([
      full,
      cleared,
      await kube.localApiServerReady(),
      (await etcd.health())?.alarms,
    ]).toEqual([
      [true, 'kube.unreachable', [{ memberId: id, kind: 'NOSPACE' }]],
      undefined,
      false,
      [{ memberId: id, kind: 'CORRUPT' }],
    ]);
  });

  test('counts a learner neither as a vote nor for the quorum', async () => {
    const bench = await controlPlanes(1);
    const { state } = bench.world;
    const host = hostNamed(state, 'n1');
    const [cluster] = state.clusters.values();
    if (!cluster || !isPowered(host)) throw new Error('there is no cluster');
    addLearner({ world: state, cluster, host }, 'feed', 'https://10.88.0.9:2380');
    await bench.clock.advance(5_000);
    const { etcd } = bench.host(0).ports;
    expect([
      (await etcd.members())?.map(({ learner }) => learner),
      await etcd.removeMember('feed'),
    ]).toEqual([[false, true], DONE]);
  });
});

async function controlPlanes(count: number, hosts = count): Promise<SimulatedBench> {
  const bench = simulatedBench({ hosts });
  await bench.drive(buildCluster({ ...bench, hosts: bench.hosts.slice(0, count) }, count));
  await balance(bench.hosts, bench.hosts.slice(0, count));
  await bench.clock.advance(6_000);
  return bench;
}

async function later<T>(bench: SimulatedBench, act: () => Promise<T>): Promise<T> {
  await bench.clock.advance(6_000);
  return act();
}

async function idOf({ world }: SimulatedBench, name: string): Promise<string> {
  const [cluster] = world.state.clusters.values();
  return cluster?.etcd.members.find((member) => member.name === name)?.id ?? '0';
}

function namesOf({ world }: SimulatedBench): readonly string[] {
  const [cluster] = world.state.clusters.values();
  return (cluster?.etcd.members ?? []).map(({ name }) => name);
}
