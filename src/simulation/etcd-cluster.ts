import { holdsOutOfDate } from './expiry.ts';
import { canTalk } from './network.ts';
import type { SimulatedCluster, SimulatedMember } from './simulated-cluster.ts';
import type { PoweredHost, SimulatedHost } from './simulated-host.ts';
import { poweredHosts, type WorldState } from './world-state.ts';

/** The host whose etcd process serves this member now. */
export function hostOfMember(world: WorldState, member: SimulatedMember): PoweredHost | undefined {
  return poweredHosts(world).find(({ runtime }) => runtime.etcd?.memberId === member.id);
}

export function memberOn(cluster: SimulatedCluster, { runtime }: PoweredHost) {
  return cluster.etcd.members.find(({ id }) => id === runtime.etcd?.memberId);
}

export function voters(cluster: SimulatedCluster): readonly SimulatedMember[] {
  return cluster.etcd.members.filter(({ learner }) => !learner);
}

/** Whether the member of `host` runs, votes and talks to a majority of all voters, itself included. */
export function seesMajority(
  world: WorldState,
  cluster: SimulatedCluster,
  host: PoweredHost,
): boolean {
  const all = voters(cluster);
  if (!all.some(({ id }) => id === host.runtime.etcd?.memberId)) return false;
  return reachableVoters(world, cluster, host).length > all.length / 2;
}

/** Whether the etcd of `host` can answer a linearizable request. */
export function hasQuorum(
  world: WorldState,
  cluster: SimulatedCluster,
  host: PoweredHost,
): boolean {
  const leaderHost = leaderOf(world, cluster);
  if (!leaderHost || !seesMajority(world, cluster, leaderHost)) return false;
  return seesMajority(world, cluster, host) && arePeers(world, host, leaderHost);
}

/** The host of the leader while it runs. */
export function leaderOf(world: WorldState, cluster: SimulatedCluster): PoweredHost | undefined {
  const leader = cluster.etcd.members.find(({ id }) => id === cluster.etcd.leader);
  return leader && hostOfMember(world, leader);
}

/** An etcd that answers `from`: what a client with all endpoints would find. */
export function answeringEtcd(world: WorldState, cluster: SimulatedCluster, from: SimulatedHost) {
  return poweredHosts(world).find(
    (host) => canTalk(world, from, host) && hasQuorum(world, cluster, host),
  );
}

/** Voters that a client at `from` can not reach; it dials every one that ever started. */
export function silentVoters(world: WorldState, cluster: SimulatedCluster, from: SimulatedHost) {
  return voters(cluster).filter((member) => {
    const host = hostOfMember(world, member);
    return !host || !canTalk(world, from, host);
  });
}

/** Whether etcd on these hosts accept each other as peers. */
export function arePeers(world: WorldState, a: PoweredHost, b: PoweredHost): boolean {
  if (a === b) return true;
  const refused =
    holdsOutOfDate(world, a, 'etcd/peer', b) || holdsOutOfDate(world, b, 'etcd/peer', a);
  return !refused && canTalk(world, a, b);
}

/** With the alarm NOSPACE etcd answers reads, and takes no writes. */
export function takesWrites({ etcd }: SimulatedCluster): boolean {
  return etcd.alarms.length === 0;
}

/** With the alarm CORRUPT etcd answers nothing but questions about itself. */
export function isCorrupt({ etcd }: SimulatedCluster): boolean {
  return etcd.alarms.some(({ kind }) => kind === 'CORRUPT');
}

/** One more entry of the raft log and revision of the store. */
export function commit({ etcd }: SimulatedCluster): void {
  etcd.raftIndex += 1;
  etcd.revision += 1;
}

function reachableVoters(world: WorldState, cluster: SimulatedCluster, host: PoweredHost) {
  return voters(cluster).filter((member) => {
    const other = hostOfMember(world, member);
    return other !== undefined && arePeers(world, host, other);
  });
}
