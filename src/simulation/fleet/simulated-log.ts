import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { type GenesisRecord, logName } from '../../state/genesis-record.ts';
import { createHeartbeats, type Heartbeats } from '../heard-bucket.ts';
import type { MemoryLink } from '../memory-link.ts';
import { createMemoryLog, type MemoryLog } from '../memory-log.ts';
import { commonWays } from '../ways.ts';
import { electionMs, handoverMs } from './election.ts';
import {
  createReplicaGroup,
  newReplica,
  type ReplicaGroup,
  type SimulatedReplica,
} from './replica-group.ts';

/** From a replica to an agent, or back. */
export const ONE_WAY_MS = 5;
/** An agent's client connects again after at most this long (src/adapters/nats-connection.ts). */
const RECONNECT_MS = 1_500;
/**
 * Until there is a log, agents are connected already and ask the replicas for it again and again: a
 * question that nobody answers (src/adapters/nats-session.ts), and a pause (jetstream-log.ts).
 */
const ASK_AGAIN_MS = 700;

interface Client {
  readonly host: string;
  readonly link: MemoryLink;
}

/** The replicas of one epoch's log: who runs, who leads, and which agents they serve. */
export interface SimulatedLog {
  readonly name: string;
  readonly memory: MemoryLog;
  readonly heartbeats: Heartbeats;
  readonly group: ReplicaGroup;
  /** Host of the replica that leads; undefined while none does. */
  leader(): string | undefined;
  /** Whether the agent of that host is served: a replica it reaches has a quorum with the leader. */
  serves(host: string): boolean;
  isRunning(serverName: string): boolean;
  /** Whether the replicas on these hosts are enough to go on. */
  hasQuorumOn(hosts: readonly string[]): boolean;
  /** Names of the replicas on these hosts. */
  replicasOn(hosts: readonly string[]): readonly string[];
  /** Server names of the replicas that run, and answer to that host. */
  answering(host: string): readonly string[];
  /** Whether it ever came up. */
  everLed(): boolean;
  /** Stopping is SIGTERM: a leader hands over. */
  setRunning(serverName: string, running: boolean): void;
  /** The disk of that host was lost, with the replicas on it. */
  loseHost(host: string): void;
  /** What one server stored is gone. */
  loseStore(serverName: string): void;
  /** Power or network changed: the replicas look whom they reach. */
  weigh(): void;
  /** Takes the lead from its replica as a restart of it does. */
  dropLeader(): void;
  /** Connects an agent's link for as long as the log serves its host; returns the way to end that. */
  attach(client: Client): () => void;
}

export interface LogSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  hostOf(nodeId: string): string;
  isPowered(host: string): boolean;
  canTalk(from: string, to: string): boolean;
  /** After each change of who is served. */
  onServing(log: SimulatedLog): void;
  /** After each change of which servers the log consists of. */
  onReplicas(log: SimulatedLog): void;
}

export function createSimulatedLog(record: GenesisRecord, around: LogSurroundings): SimulatedLog {
  const { clock, random, isPowered, canTalk } = around;
  const memory = createMemoryLog(commonWays(() => clock.sleep(random.number() * ONE_WAY_MS)));
  memory.setQuorum(false);
  const replicas = record.replicas.map(({ serverName, nodeId }): SimulatedReplica => {
    return { ...newReplica(serverName, around.hostOf(nodeId)), member: true, voter: true };
  });
  const clients = new Set<Client>();
  let leader: SimulatedReplica | undefined;
  let rounds = 0;
  /** The round of the election under way. */
  let electing: number | undefined;
  let everLed = false;

  const isUp = ({ running, lost, host }: SimulatedReplica) => running && !lost && isPowered(host);
  const reaches = (from: SimulatedReplica, to: SimulatedReplica) =>
    isUp(to) && canTalk(from.host, to.host);
  const group = createReplicaGroup(replicas, {
    clock,
    random,
    leader: () => leader,
    reaches,
    stepDown: () => handOver(),
    onChanged() {
      around.onReplicas(log);
      weigh();
      around.onServing(log);
    },
  });
  const followers = (of: SimulatedReplica) => group.voters().filter((each) => reaches(of, each));
  const canLead = (replica: SimulatedReplica) =>
    replica.voter && isUp(replica) && 2 * followers(replica).length > group.voters().length;
  const serves = (host: string) => {
    const led = leader;
    return led !== undefined && followers(led).some((each) => canTalk(host, each.host));
  };

  function lead(next: SimulatedReplica | undefined): void {
    const withinMs = everLed ? RECONNECT_MS : ASK_AGAIN_MS;
    leader = next;
    everLed ||= next !== undefined;
    memory.setQuorum(next !== undefined);
    reconnect(withinMs);
    around.onServing(log);
  }

  /** An empty log forms only once all of its replicas are there; later a quorum is enough. */
  function mayElect(): boolean {
    return replicas.some(canLead) && (everLed || group.voters().every(isUp));
  }

  async function elect(afterMs: number): Promise<void> {
    rounds += 1;
    const round = rounds;
    electing = round;
    await clock.sleep(afterMs);
    if (electing !== round) return;
    electing = undefined;
    const able = mayElect() ? replicas.filter(canLead) : [];
    if (able.length > 0) lead(able[Math.floor(random.number() * able.length)]);
  }

  function weigh(): void {
    if (leader && !canLead(leader)) lead(undefined);
    reconnect();
    group.takeIn();
    if (leader || electing !== undefined || !mayElect()) return;
    void elect(electionMs(random, everLed));
  }

  function handOver(): void {
    lead(undefined);
    void elect(handoverMs(random));
  }

  function reconnect(withinMs = RECONNECT_MS): void {
    for (const client of clients) connect(client, withinMs);
  }

  function connect(client: Client, withinMs = RECONNECT_MS): void {
    if (!serves(client.host)) {
      client.link.setUp(false);
      return;
    }
    if (client.link.isUp()) return;
    void clock.sleep(random.number() * withinMs).then(() => {
      if (clients.has(client) && serves(client.host)) client.link.setUp(true);
    });
  }

  const log: SimulatedLog = {
    name: logName(record),
    memory,
    heartbeats: createHeartbeats(clock),
    group,
    leader: () => leader?.host,
    serves,
    isRunning: (serverName) =>
      replicas.some((each) => each.serverName === serverName && isUp(each)),
    hasQuorumOn: group.hasQuorumOn,
    replicasOn: (hosts) =>
      replicas.filter(({ host }) => hosts.includes(host)).map(({ serverName }) => serverName),
    answering: (host) =>
      replicas
        .filter((each) => isUp(each) && canTalk(host, each.host))
        .map(({ serverName }) => serverName),
    everLed: () => everLed,
    setRunning(serverName, running) {
      for (const each of replicas) if (each.serverName === serverName) each.running = running;
      // Whoever starts anew calls an early election of its own.
      if (running && !everLed) electing = undefined;
      if (leader && !isUp(leader)) handOver();
      weigh();
    },
    loseHost(host) {
      for (const each of replicas) if (each.host === host) each.lost = true;
      weigh();
    },
    loseStore(serverName) {
      for (const each of replicas) if (each.serverName === serverName) each.lost = true;
      weigh();
    },
    weigh,
    dropLeader() {
      if (leader) lead(undefined);
      weigh();
    },
    attach(client) {
      clients.add(client);
      connect(client);
      return () => {
        clients.delete(client);
        client.link.setUp(false);
      };
    },
  };
  return log;
}
