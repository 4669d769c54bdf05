import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { type GenesisRecord, logName } from '../../state/genesis-record.ts';
import type { MemoryLink } from '../memory-link.ts';
import { createMemoryLog, type MemoryLog } from '../memory-log.ts';
import { electionMs } from './election.ts';

/** An agent's client connects again after at most this long (src/adapters/nats-connection.ts). */
const RECONNECT_MS = 1_500;

interface Replica {
  readonly serverName: string;
  readonly host: string;
  running: boolean;
  /** Its store is gone for good: it can not count any more, whoever runs under its name. */
  lost: boolean;
}

interface Client {
  readonly host: string;
  readonly link: MemoryLink;
}

/** The replicas of one epoch's log: who runs, who leads, and which agents they serve. */
export interface SimulatedLog {
  readonly name: string;
  readonly memory: MemoryLog;
  /** Host of the replica that leads; undefined while none does. */
  leader(): string | undefined;
  /** Whether the agent of that host is served: a replica it reaches has a quorum with the leader. */
  serves(host: string): boolean;
  isRunning(serverName: string): boolean;
  /** Whether all replicas run, and answer to that host. */
  allAnswer(host: string): boolean;
  setRunning(serverName: string, running: boolean): void;
  /** The disk of that host was lost, with the replicas on it. */
  loseHost(host: string): void;
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
}

export function createSimulatedLog(record: GenesisRecord, around: LogSurroundings): SimulatedLog {
  const { clock, random, isPowered, canTalk } = around;
  const memory = createMemoryLog();
  memory.setQuorum(false);
  const replicas = record.replicas.map(({ serverName, nodeId }): Replica => {
    return { serverName, host: around.hostOf(nodeId), running: false, lost: false };
  });
  const quorum = Math.floor(replicas.length / 2) + 1;
  const clients = new Set<Client>();
  let leader: Replica | undefined;
  let rounds = 0;
  /** The round of the election under way. */
  let electing: number | undefined;
  let everLed = false;

  const isUp = ({ running, lost, host }: Replica) => running && !lost && isPowered(host);
  const followers = (of: Replica) =>
    replicas.filter((each) => isUp(each) && canTalk(of.host, each.host));
  const canLead = (replica: Replica) => isUp(replica) && followers(replica).length >= quorum;
  const serves = (host: string) => {
    const led = leader;
    return led !== undefined && followers(led).some((each) => canTalk(host, each.host));
  };

  function lead(next: Replica | undefined): void {
    leader = next;
    everLed ||= next !== undefined;
    memory.setQuorum(next !== undefined);
    reconnect();
    around.onServing(log);
  }

  /** An empty log forms only once all of its replicas are there; later a quorum is enough. */
  function mayElect(): boolean {
    return replicas.some(canLead) && (everLed || replicas.every(isUp));
  }

  async function elect(): Promise<void> {
    rounds += 1;
    const round = rounds;
    electing = round;
    await clock.sleep(electionMs(random, everLed));
    if (electing !== round) return;
    electing = undefined;
    const able = mayElect() ? replicas.filter(canLead) : [];
    if (able.length > 0) lead(able[Math.floor(random.number() * able.length)]);
  }

  function weigh(): void {
    if (leader && !canLead(leader)) lead(undefined);
    reconnect();
    if (leader || electing !== undefined || !mayElect()) return;
    void elect();
  }

  function reconnect(): void {
    for (const client of clients) connect(client);
  }

  function connect(client: Client): void {
    if (!serves(client.host)) {
      client.link.setUp(false);
      return;
    }
    if (client.link.isUp()) return;
    void clock.sleep(random.number() * RECONNECT_MS).then(() => {
      if (clients.has(client) && serves(client.host)) client.link.setUp(true);
    });
  }

  const log: SimulatedLog = {
    name: logName(record),
    memory,
    leader: () => leader?.host,
    serves,
    isRunning: (serverName) =>
      replicas.some((each) => each.serverName === serverName && isUp(each)),
    allAnswer: (host) => replicas.every((each) => isUp(each) && canTalk(host, each.host)),
    setRunning(serverName, running) {
      for (const each of replicas) if (each.serverName === serverName) each.running = running;
      // Whoever starts anew calls an early election of its own.
      if (running && !everLed) electing = undefined;
      weigh();
    },
    loseHost(host) {
      for (const each of replicas) if (each.host === host) each.lost = true;
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
