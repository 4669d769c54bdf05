import { arePeers, commit, hostOfMember, leaderOf, memberOn, voters } from './etcd-cluster.ts';
import { etcdVersionOf } from './kubernetes-releases.ts';
import type { SimulatedCluster, SimulatedMember } from './simulated-cluster.ts';
import type { PoweredHost } from './simulated-host.ts';
import { TIMINGS } from './timings.ts';
import type { WorldState } from './world-state.ts';

/** etcd's default for `--max-learners`. */
const MOST_LEARNERS = 1;

/** A change of membership that etcd made or refused, in its words. */
export type MemberChange =
  | { readonly outcome: 'done'; readonly member: SimulatedMember }
  | { readonly outcome: 'refused'; readonly text: string };

/** What a change is asked of: the etcd on `host` judges by its own connections. */
export interface ServingEtcd {
  readonly world: WorldState;
  readonly cluster: SimulatedCluster;
  readonly host: PoweredHost;
}

/**
 * `member add --learner` as kubeadm does it: an existing member with that peer URL is taken as the
 * one to add.
 */
export function addLearner(serving: ServingEtcd, id: string, peerUrl: string): MemberChange {
  const { cluster } = serving;
  const existing = cluster.etcd.members.find((member) => member.peerUrl === peerUrl);
  if (existing) return { outcome: 'done', member: existing };
  if (cluster.etcd.members.filter(({ learner }) => learner).length >= MOST_LEARNERS) {
    return refused('too many learner members in cluster');
  }
  if (connected(serving).length < voters(cluster).length) return refused('unhealthy cluster');
  const member = { id, name: '', peerUrl, learner: true, raftTerm: 0, raftIndex: 0, revision: 0 };
  cluster.etcd.members.push(member);
  return done(cluster, member);
}

/**
 * `member remove` under the strict reconfiguration check (etcd's mayRemoveMember): enough of those
 * who stay must have been started once, and a member that lives may go only while a quorum of the
 * others has been connected for five seconds.
 */
export function removeMember(serving: ServingEtcd, id: string): MemberChange {
  const { world, cluster } = serving;
  const member = cluster.etcd.members.find((candidate) => candidate.id === id);
  if (!member) return refused('member not found');
  const refusal = member.learner ? undefined : removalRefusal(serving, member);
  if (refusal) return refused(refusal);
  cluster.etcd.members = cluster.etcd.members.filter((other) => other !== member);
  if (cluster.etcd.leader === id) cluster.etcd.leader = undefined;
  world.changes += 1;
  return done(cluster, member);
}

/** `member promote`, which any member passes on to the leader. */
export function promoteMember(serving: ServingEtcd, id: string): MemberChange {
  const { world, cluster } = serving;
  const member = cluster.etcd.members.find((candidate) => candidate.id === id);
  if (!member) return refused('member not found');
  if (!member.learner) return refused('can only promote a learner member');
  if (!isInSync(serving, member)) {
    return refused('can only promote a learner member which is in sync with leader');
  }
  const started = voters(cluster).filter(({ name }) => name !== '').length + 1;
  if (started < quorumOf(voters(cluster).length + 1)) {
    return refused('re-configuration failed due to not enough started members');
  }
  member.learner = false;
  world.changes += 1;
  return done(cluster, member);
}

/** `member update`. */
export function updatePeerUrl(
  { cluster, host }: ServingEtcd,
  id: string,
  peerUrl: string,
): MemberChange {
  const { members } = cluster.etcd;
  const member = members.find((candidate) => candidate.id === id);
  if (!member) return refused('member not found');
  if (!/^https:\/\/[^/ ]+:\d+$/.test(peerUrl)) return refused('given member URLs are invalid');
  const taken = members.some((other) => other !== member && other.peerUrl === peerUrl);
  // etcd 3.5 lets two members have one.
  if (taken && !etcdVersionOf(host).startsWith('3.5.')) {
    return refused('Peer URLs already exists');
  }
  member.peerUrl = peerUrl;
  return done(cluster, member);
}

/** `move-leader`, asked of the leader. */
export function moveLeader({ world, cluster }: ServingEtcd, toId: string): MemberChange {
  const target = voters(cluster).find(({ id }) => id === toId);
  if (!target) return refused('bad leader transferee');
  const [from, to] = [leaderOf(world, cluster), hostOfMember(world, target)];
  if (!from || !to || !arePeers(world, from, to)) {
    return refused('request timed out, leader transfer took too long');
  }
  if (cluster.etcd.leader === toId) return { outcome: 'done', member: target };
  cluster.etcd.leader = toId;
  cluster.etcd.term += 1;
  world.changes += 1;
  return done(cluster, target);
}

function removalRefusal(serving: ServingEtcd, leaving: SimulatedMember): string | undefined {
  const all = voters(serving.cluster);
  const started = all.filter((member) => member !== leaving && member.name !== '');
  if (started.length < quorumOf(all.length - 1)) {
    return 're-configuration failed due to not enough started members';
  }
  const { world, host } = serving;
  const leavingHost = hostOfMember(world, leaving);
  if (!leavingHost || !arePeers(world, host, leavingHost)) return undefined;
  const active = connected(serving).length;
  return active - 1 < 1 + Math.floor((all.length - 1) / 2) ? 'unhealthy cluster' : undefined;
}

/** Voters that the serving etcd has been connected to for five seconds, itself included. */
function connected({ world, cluster, host }: ServingEtcd): readonly SimulatedMember[] {
  const own = memberOn(cluster, host);
  return voters(cluster).filter(
    (member) => member === own || isConnected(world, cluster, [own, member], TIMINGS.etcdSteadyMs),
  );
}

function isInSync({ world, cluster }: ServingEtcd, learner: SimulatedMember): boolean {
  const leader = cluster.etcd.members.find(({ id }) => id === cluster.etcd.leader);
  return isConnected(world, cluster, [leader, learner], TIMINGS.etcdLearnerSyncMs);
}

function isConnected(
  { clock, speed }: WorldState,
  { etcd }: SimulatedCluster,
  [a, b]: readonly [SimulatedMember | undefined, SimulatedMember],
  forMs: number,
): boolean {
  const sinceMs = a && etcd.connectedSinceMs.get(connectionKey(a, b));
  return sinceMs !== undefined && clock.nowMs() - sinceMs >= forMs / speed;
}

/** The same whichever member comes first. */
export function connectionKey(a: SimulatedMember, b: SimulatedMember): string {
  return [a.id, b.id].sort().join(' ');
}

function quorumOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

function done(cluster: SimulatedCluster, member: SimulatedMember): MemberChange {
  commit(cluster);
  return { outcome: 'done', member };
}

function refused(text: string): MemberChange {
  return { outcome: 'refused', text: `etcdserver: ${text}` };
}
