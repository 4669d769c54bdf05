import type { Clock } from '../../ports/clock.ts';
import type { LogGroup, LogGroups } from '../../ports/log-peers.ts';
import type { Random } from '../../ports/random.ts';

/** Measured on nats-server 2.15 with three replicas and a fourth one: from the start to a member that is current. */
const JOIN_MS = { least: 900, spread: 2_200 };
/** Until a newcomer has the buckets, and the one that gives them up does not. */
const COPY_MS = { least: 300, spread: 1_500 };
/** A removed server that still runs is taken in again after this (nats-server 2.15: peerRemoveTimeout). */
const FORGOTTEN_MS = 301_000;

/** One server of the log. */
export interface SimulatedReplica {
  readonly serverName: string;
  readonly host: string;
  running: boolean;
  /** Its store is gone for good: it can not count any more, whoever runs under its name. */
  lost: boolean;
  /** The others count it among the servers of the log. */
  member: boolean;
  /** It has the buckets, and a say in what is in them. */
  voter: boolean;
  removedMs: number | undefined;
}

/** Which servers belong to a log, and which of them have its buckets. */
export interface ReplicaGroup {
  readonly all: readonly SimulatedReplica[];
  voters(): readonly SimulatedReplica[];
  /** Whether most voters are on these hosts. */
  hasQuorumOn(hosts: readonly string[]): boolean;
  /** From now on there is a server of that name on a host, which does not run yet. */
  install(serverName: string, host: string): void;
  /** By the word of the leader; undefined while nobody leads, or too few servers answer. */
  seen(): LogGroups | undefined;
  /** Servers that run and are no members: after a while they are. */
  takeIn(): void;
  evacuate(serverName: string): void;
  lead(serverName: string): void;
  remove(serverName: string): void;
}

interface Around {
  readonly clock: Clock;
  readonly random: Random;
  leader(): SimulatedReplica | undefined;
  /** Whether it runs, and a server reaches it. */
  reaches(from: SimulatedReplica, to: SimulatedReplica): boolean;
  /** The leader gives the lead away. */
  stepDown(): void;
  onChanged(): void;
}

export function createReplicaGroup(all: SimulatedReplica[], around: Around): ReplicaGroup {
  const { clock, random, leader, reaches } = around;
  const coming = new Set<SimulatedReplica>();
  const named = (serverName: string) => all.find((each) => each.serverName === serverName);
  const voters = () => all.filter(({ voter }) => voter);
  const members = () => all.filter(({ member }) => member);
  const takesMs = ({ least, spread }: typeof JOIN_MS) => least + random.number() * spread;

  function isReached(replica: SimulatedReplica): boolean {
    const led = leader();
    return led !== undefined && reaches(led, replica);
  }

  function groupOf(servers: readonly SimulatedReplica[], led: SimulatedReplica): LogGroup {
    const seen = servers.map((each) => {
      const answers = isReached(each);
      return { serverName: each.serverName, peerId: each.serverName, answers, current: answers };
    });
    return { leader: led.serverName, members: seen };
  }

  async function join(replica: SimulatedReplica): Promise<void> {
    const { removedMs } = replica;
    const untilMs = removedMs === undefined ? 0 : removedMs + FORGOTTEN_MS - clock.nowMs();
    await clock.sleep(Math.max(untilMs, takesMs(JOIN_MS)));
    coming.delete(replica);
    if (replica.member || replica.removedMs !== removedMs || !isReached(replica)) return;
    replica.member = true;
    around.onChanged();
  }

  /** A server without the buckets gets them. */
  function fill(): void {
    const next = members().find((each) => !each.voter && isReached(each));
    if (!next || !leader()) return;
    next.voter = true;
    around.onChanged();
  }

  function drop(replica: SimulatedReplica): void {
    if (!replica.voter) return;
    if (leader() === replica) around.stepDown();
    replica.voter = false;
    around.onChanged();
  }

  async function copy(): Promise<void> {
    await clock.sleep(takesMs(COPY_MS));
    fill();
  }

  return {
    all,
    voters,
    hasQuorumOn(hosts) {
      const there = voters().filter(({ host, lost }) => hosts.includes(host) && !lost);
      return 2 * there.length > voters().length;
    },
    install(serverName, host) {
      if (!named(serverName)) all.push(newReplica(serverName, host));
    },
    seen() {
      const led = leader();
      if (!led || 2 * members().filter(isReached).length <= members().length) return undefined;
      return { meta: groupOf(members(), led), buckets: [groupOf(voters(), led)] };
    },
    takeIn() {
      const strangers = all.filter((each) => !each.member && !coming.has(each) && isReached(each));
      for (const each of strangers) {
        coming.add(each);
        void join(each);
      }
    },
    evacuate(serverName) {
      const old = named(serverName);
      void copy().then(() => {
        const others = voters().filter((each) => each !== old).length;
        if (old && others >= 3) drop(old);
      });
    },
    lead: () => around.stepDown(),
    remove(serverName) {
      const old = named(serverName);
      if (!old) return;
      old.member = false;
      old.removedMs = clock.nowMs();
      drop(old);
      around.onChanged();
      void copy();
    },
  };
}

/** It runs nowhere and belongs to nothing yet. */
export function newReplica(serverName: string, host: string): SimulatedReplica {
  const outside = { member: false, voter: false, removedMs: undefined };
  return { serverName, host, running: false, lost: false, ...outside };
}
