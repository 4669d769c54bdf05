import { RetryableError } from '../../errors.ts';
import type { Etcd, EtcdMember, EtcdMemberStatus } from '../../ports/etcd.ts';
import { hasQuorum, hostOfMember, leaderOf, memberOn } from '../etcd-cluster.ts';
import {
  type MemberChange,
  moveLeader,
  promoteMember,
  removeMember,
  type ServingEtcd,
  updatePeerUrl,
} from '../etcd-membership.ts';
import { etcdVersionOf } from '../kubernetes-releases.ts';
import { canTalk } from '../network.ts';
import { manifestPath } from '../paths.ts';
import { settle } from '../settle.ts';
import type { SimulatedCluster, SimulatedMember } from '../simulated-cluster.ts';
import { simulatedDigest } from '../simulated-digest.ts';
import { putFile, readFile } from '../simulated-disk.ts';
import type { PoweredHost } from '../simulated-host.ts';
import { poweredHosts, record, type WorldState } from '../world-state.ts';
import { powered } from './powered.ts';

const DATABASE_BYTES = 4_194_304;

/** etcd of one simulated host. A learner answers no linearizable request, as real ones do. */
export function simulatedEtcd(world: WorldState, host: string): Etcd {
  function serving(): ServingEtcd | undefined {
    const machine = powered(world, host);
    if (!machine.disk.files.has(manifestPath('etcd'))) return undefined;
    const cluster = world.clusters.get(machine.runtime.etcd?.clusterId ?? '');
    if (cluster) return { world, cluster, host: machine };
    throw unreachable(host, 'it is not started');
  }

  function withQuorum(): ServingEtcd | undefined {
    const found = serving();
    if (!found || hasQuorum(world, found.cluster, found.host)) return found;
    throw unreachable(host, 'it has no quorum');
  }

  function changed(happened: string, detail: string, change: (asked: ServingEtcd) => MemberChange) {
    const result = change(needed(host, withQuorum()));
    if (result.outcome === 'refused') return result;
    record(world, host, `member.${happened}`, detail);
    settle(world);
    return { outcome: 'done' } as const;
  }

  return {
    async members() {
      return withQuorum()?.cluster.etcd.members.map(toMember);
    },

    async membersAt(address) {
      const machine = powered(world, host);
      if (!machine.disk.files.has(manifestPath('etcd'))) return undefined;
      const other = poweredHosts(world).find((each) => each.address === address);
      const cluster = world.clusters.get(other?.runtime.etcd?.clusterId ?? '');
      const answers = other && cluster && canTalk(world, machine, other);
      if (!answers || !hasQuorum(world, cluster, other)) throw unreachable(address, 'no answer');
      return cluster.etcd.members.map(toMember);
    },

    async ownStatus() {
      const found = serving();
      return found && statusOf(found, found.host);
    },

    async health() {
      const found = withQuorum();
      if (!found) return undefined;
      const { members, alarms } = found.cluster.etcd;
      return {
        members: members.map((member) => ({
          ...toMember(member),
          status: statusSeenFrom(found, member),
        })),
        alarms,
      };
    },

    removeMember: async (id) => changed('removed', id, (asked) => removeMember(asked, id)),
    promoteMember: async (id) => changed('promoted', id, (asked) => promoteMember(asked, id)),
    updatePeerUrl: async (id, peerUrl) =>
      changed('updated', `${id} ${peerUrl}`, (asked) => updatePeerUrl(asked, id, peerUrl)),
    moveLeader: async (toId) => changed('made-leader', toId, (asked) => moveLeader(asked, toId)),

    async snapshot(path) {
      const { cluster, host: machine } = needed(host, serving());
      const content = JSON.stringify(snapshotOf(cluster, memberOn(cluster, machine)));
      putFile(machine.disk, path, {
        content,
        mode: 0o600,
        nowMs: world.clock.nowMs(),
        synced: true,
      });
      record(world, host, 'snapshot.saved', path);
      const saved = readFile(machine.disk, path) ?? '';
      return { bytes: saved.length, sha256: simulatedDigest(saved) };
    },
  };
}

function toMember({ id, name, peerUrl, learner }: SimulatedMember): EtcdMember {
  return { id, name, peerUrls: [peerUrl], learner };
}

function statusSeenFrom({ world, cluster, host }: ServingEtcd, member: SimulatedMember) {
  const other = hostOfMember(world, member);
  if (!other || !canTalk(world, host, other)) return undefined;
  return statusOf({ world, cluster, host }, other);
}

function statusOf({ world, cluster }: ServingEtcd, host: PoweredHost): EtcdMemberStatus {
  const member = memberOn(cluster, host);
  const leader = leaderOf(world, cluster);
  const led = leader !== undefined && canTalk(world, host, leader);
  const alarms = cluster.etcd.alarms.map(
    ({ memberId, kind }) => `memberID:${BigInt(`0x${memberId}`)} alarm:${kind} `,
  );
  return {
    id: member?.id ?? '',
    leaderId: led ? (cluster.etcd.leader ?? null) : null,
    raftTerm: member?.raftTerm ?? 0,
    raftIndex: member?.raftIndex ?? 0,
    revision: member?.revision ?? 0,
    databaseBytes: DATABASE_BYTES,
    version: etcdVersionOf(host),
    errors: [...(led ? [] : ['etcdserver: no leader']), ...alarms],
  };
}

function snapshotOf({ id }: SimulatedCluster, member: SimulatedMember | undefined) {
  return { clusterId: id, raftIndex: member?.raftIndex ?? 0, revision: member?.revision ?? 0 };
}

function needed(host: string, found: ServingEtcd | undefined): ServingEtcd {
  if (found) return found;
  throw unreachable(host, 'this host runs none');
}

function unreachable(host: string, reason: string): RetryableError {
  return new RetryableError('etcd.unreachable', `etcd on ${host} does not answer: ${reason}`);
}
