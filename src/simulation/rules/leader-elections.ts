import { arePeers, commit, hostOfMember, leaderOf, seesMajority, voters } from '../etcd-cluster.ts';
import { connectionKey } from '../etcd-membership.ts';
import { heldFor } from '../held-for.ts';
import type { SimulatedCluster, SimulatedMember } from '../simulated-cluster.ts';
import { TIMINGS } from '../timings.ts';
import type { WorldState } from '../world-state.ts';

/** etcd elects a leader among the voters that see a majority, and loses it with the majority. */
export function electLeaders(world: WorldState): void {
  for (const cluster of world.clusters.values()) {
    electLeader(world, cluster);
    watchConnections(world, cluster);
    replicate(world, cluster);
  }
}

function electLeader(world: WorldState, cluster: SimulatedCluster): void {
  const { etcd } = cluster;
  const leader = voters(cluster).find(({ id }) => id === etcd.leader);
  if (etcd.leader !== undefined && !(leader && canLead(world, cluster, leader))) {
    etcd.leader = undefined;
    world.changes += 1;
  }
  const candidate = voters(cluster).find((member) => canLead(world, cluster, member));
  const missing = etcd.leader === undefined && candidate !== undefined;
  if (!heldFor(world, `etcd ${cluster.id} election`, missing, TIMINGS.etcdElectionMs)) return;
  etcd.leader = candidate?.id;
  etcd.term += 1;
  commit(cluster);
  world.changes += 1;
}

function watchConnections(world: WorldState, cluster: SimulatedCluster): void {
  const { members, connectedSinceMs } = cluster.etcd;
  const pairs = members.flatMap((member, index) =>
    members.slice(0, index).map((other) => [member, other] as const),
  );
  for (const [member, other] of pairs) {
    const key = connectionKey(member, other);
    if (!talk(world, member, other)) connectedSinceMs.delete(key);
    else if (!connectedSinceMs.has(key)) connectedSinceMs.set(key, world.clock.nowMs());
  }
}

function talk(world: WorldState, a: SimulatedMember, b: SimulatedMember): boolean {
  const [hostA, hostB] = [hostOfMember(world, a), hostOfMember(world, b)];
  return hostA !== undefined && hostB !== undefined && arePeers(world, hostA, hostB);
}

/** Members that hear the leader know what it knows. */
function replicate(world: WorldState, cluster: SimulatedCluster): void {
  const leader = leaderOf(world, cluster);
  if (!leader) return;
  const { members, term, raftIndex, revision } = cluster.etcd;
  for (const member of members) {
    const host = hostOfMember(world, member);
    if (!host || !arePeers(world, leader, host)) continue;
    member.raftTerm = term;
    member.raftIndex = raftIndex;
    member.revision = revision;
  }
}

function canLead(world: WorldState, cluster: SimulatedCluster, member: SimulatedMember): boolean {
  const host = hostOfMember(world, member);
  return host !== undefined && seesMajority(world, cluster, host);
}
