import { hostOfMember, seesMajority, voters } from '../etcd-cluster.ts';
import { heldFor } from '../held-for.ts';
import type { SimulatedCluster, SimulatedMember } from '../simulated-cluster.ts';
import { TIMINGS } from '../timings.ts';
import type { WorldState } from '../world-state.ts';

/** etcd elects a leader among the voters that see a majority, and loses it with the majority. */
export function electLeaders(world: WorldState): void {
  for (const cluster of world.clusters.values()) {
    electLeader(world, cluster);
    watchConnections(world, cluster);
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
  world.changes += 1;
}

function watchConnections(world: WorldState, cluster: SimulatedCluster): void {
  const { etcd } = cluster;
  const all = voters(cluster);
  const connected = etcd.leader !== undefined && all.every((member) => hostOfMember(world, member));
  // A single voter has no connection to wait for.
  const forMs = all.length === 1 ? 0 : TIMINGS.etcdSteadyMs;
  const steady = heldFor(world, `etcd ${cluster.id} steady ${all.length}`, connected, forMs);
  if (steady === etcd.steady) return;
  etcd.steady = steady;
  world.changes += 1;
}

function canLead(world: WorldState, cluster: SimulatedCluster, member: SimulatedMember): boolean {
  const host = hostOfMember(world, member);
  return host !== undefined && seesMajority(world, cluster, host);
}
