import { canTalk } from './network.ts';
import type { SimulatedCluster, SimulatedMember } from './simulated-cluster.ts';
import type { PoweredHost, SimulatedHost } from './simulated-host.ts';
import { poweredHosts, type WorldState } from './world-state.ts';

/** etcd's default for `--max-learners`. */
const MOST_LEARNERS = 1;

/** A change of membership that etcd made or refused, in its words. */
export type MemberChange =
  | { readonly outcome: 'done'; readonly member: SimulatedMember }
  | { readonly outcome: 'refused'; readonly text: string };

/** The host whose etcd process serves this member now. */
export function hostOfMember(world: WorldState, member: SimulatedMember): PoweredHost | undefined {
  return poweredHosts(world).find(({ runtime }) => runtime.etcd?.memberId === member.id);
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
  const leader = cluster.etcd.members.find(({ id }) => id === cluster.etcd.leader);
  const leaderHost = leader && hostOfMember(world, leader);
  if (!leaderHost || !seesMajority(world, cluster, leaderHost)) return false;
  return seesMajority(world, cluster, host) && canTalk(world, host, leaderHost);
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

/** `member add --learner`; an existing member with that peer URL is taken as the one to add. */
export function addLearner(cluster: SimulatedCluster, id: string, peerUrl: string): MemberChange {
  const { etcd } = cluster;
  const existing = etcd.members.find((member) => member.peerUrl === peerUrl);
  if (existing) return { outcome: 'done', member: existing };
  if (etcd.members.filter(({ learner }) => learner).length >= MOST_LEARNERS) {
    return refused('too many learner members in cluster');
  }
  if (!etcd.steady) return refused('unhealthy cluster');
  const member: SimulatedMember = { id, name: '', peerUrl, learner: true };
  etcd.members.push(member);
  return { outcome: 'done', member };
}

/** `member remove` under the strict reconfiguration check: never so that the quorum would be lost. */
export function removeMember(
  world: WorldState,
  cluster: SimulatedCluster,
  id: string,
): MemberChange {
  const member = cluster.etcd.members.find((candidate) => candidate.id === id);
  if (!member) return refused('member not found');
  if (!member.learner && !quorumSurvives(world, cluster, member)) {
    return refused('re-configuration failed due to not enough started members');
  }
  cluster.etcd.members = cluster.etcd.members.filter((other) => other !== member);
  if (cluster.etcd.leader === id) cluster.etcd.leader = undefined;
  return { outcome: 'done', member };
}

function quorumSurvives(world: WorldState, cluster: SimulatedCluster, leaving: SimulatedMember) {
  const staying = voters(cluster).filter((member) => member !== leaving);
  const running = staying.filter((member) => hostOfMember(world, member));
  return running.length > staying.length / 2;
}

function reachableVoters(world: WorldState, cluster: SimulatedCluster, host: PoweredHost) {
  return voters(cluster).filter((member) => {
    const other = hostOfMember(world, member);
    return other !== undefined && canTalk(world, host, other);
  });
}

function refused(text: string): MemberChange {
  return { outcome: 'refused', text: `etcdserver: ${text}` };
}
