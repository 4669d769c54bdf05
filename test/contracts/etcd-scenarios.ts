import type { EtcdHealth } from '../../src/ports/etcd.ts';
import { balance, buildCluster, until } from './cluster-by-hand.ts';
import { outcome } from './host-facts.ts';
import { at, type HostScenario, SETTLED_MS } from './host-scenario.ts';

const DONE = { outcome: 'done' };
const refused = (text: string) => ({ outcome: 'refused', text: `etcdserver: ${text}` });

/** What etcd tells of its members, and which changes of them it makes or refuses. */
export const ETCD_SCENARIOS: readonly HostScenario[] = [
  {
    title: 'members are told with their health, and the leader moves to the one that is named',
    hosts: 3,
    observe: async (bench) => {
      await buildCluster(bench, 3);
      await balance(bench.hosts, bench.hosts);
      const { etcd } = at(bench, 0).ports;
      const before = await etcd.health();
      const [, target] = before?.members.filter((member) => !isLeader(before, member.id)) ?? [];
      const moved = await etcd.moveLeader(target?.id ?? '');
      const after = await etcd.health();
      const own = await etcd.ownStatus();
      return {
        members: sortedNames(before),
        healthy: before?.members.every(({ status }) => status?.errors.length === 0),
        versions: [...new Set(before?.members.map(({ status }) => status?.version))],
        alarms: before?.alarms,
        moved,
        follows: after?.members.every(({ status }) => status?.leaderId === target?.id),
        newTerm:
          (after?.members[0]?.status?.raftTerm ?? 0) > (before?.members[0]?.status?.raftTerm ?? 0),
        own: own?.id === after?.members.find(({ name }) => name === 'n1')?.id,
        unknown: await etcd.moveLeader('1'),
      };
    },
    expected: {
      members: ['n1', 'n2', 'n3'],
      healthy: true,
      versions: ['3.6.5'],
      alarms: [],
      moved: DONE,
      follows: true,
      newTerm: true,
      own: true,
      unknown: refused('bad leader transferee'),
    },
  },

  {
    title: 'a dead member may go, a living one only while that keeps the quorum',
    hosts: 3,
    observe: async (bench) => {
      await buildCluster(bench, 3);
      await balance(bench.hosts, bench.hosts);
      const [first, third] = [at(bench, 0), at(bench, 2)];
      const { etcd } = first.ports;
      await bench.room.powerCut(third);
      await bench.clock.sleep(SETTLED_MS);
      const health = await until(bench, () => etcd.health().catch(() => undefined));
      const idOf = (name: string) => health.members.find((each) => each.name === name)?.id ?? '';
      return {
        silent: health.members.filter(({ status }) => !status).map(({ name }) => name),
        living: await etcd.removeMember(idOf('n2')),
        nobody: await etcd.removeMember('1'),
        dead: await etcd.removeMember(idOf('n3')),
        again: await etcd.removeMember(idOf('n3')),
        left: (await etcd.members())?.map(({ name }) => name).toSorted(),
        voter: await etcd.promoteMember(idOf('n2')),
        takenUrl: await etcd.updatePeerUrl(idOf('n2'), `https://${first.address}:2380`),
      };
    },
    expected: {
      silent: ['n3'],
      living: refused('unhealthy cluster'),
      nobody: refused('member not found'),
      dead: DONE,
      again: refused('member not found'),
      left: ['n1', 'n2'],
      voter: refused('can only promote a learner member'),
      takenUrl: refused('Peer URLs already exists'),
    },
  },

  {
    title: 'without a quorum a member still tells of itself and gives a snapshot',
    hosts: 2,
    observe: async (bench) => {
      await buildCluster(bench, 2);
      const { etcd, files } = at(bench, 0).ports;
      const before = await etcd.ownStatus();
      await bench.room.powerCut(at(bench, 1));
      const own = await until(bench, async () => {
        const status = await etcd.ownStatus();
        return status?.leaderId === null ? status : undefined;
      });
      const snapshot = await etcd.snapshot('/var/lib/civitas-contract/etcd.db');
      return {
        errors: own.errors,
        knows: own.raftIndex >= (before?.raftIndex ?? 0) && own.revision >= (before?.revision ?? 0),
        members: await outcome(() => etcd.members()),
        health: await outcome(() => etcd.health()),
        remove: await outcome(() => etcd.removeMember('1')),
        bytes: snapshot.bytes > 0,
        sha256: /^[0-9a-f]{64}$/.test(snapshot.sha256),
        file: await files.list('/var/lib/civitas-contract'),
      };
    },
    expected: {
      errors: ['etcdserver: no leader'],
      knows: true,
      members: 'etcd.unreachable',
      health: 'etcd.unreachable',
      remove: 'etcd.unreachable',
      bytes: true,
      sha256: true,
      file: ['etcd.db'],
    },
  },
];

function isLeader({ members }: EtcdHealth, id: string): boolean {
  return members.some(({ status }) => status?.leaderId === id);
}

function sortedNames(health: EtcdHealth | undefined): readonly string[] | undefined {
  return health?.members.map(({ name }) => name).toSorted();
}
