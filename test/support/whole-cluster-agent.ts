import { createX25519Sealer } from '../../src/adapters/x25519-sealer.ts';
import { controllersOf } from '../../src/agent/controllers.ts';
import { RetryableError } from '../../src/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Durable } from '../../src/ports/durable.ts';
import type { Ports } from '../../src/ports/index.ts';
import type { Leases } from '../../src/ports/leases.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Random } from '../../src/ports/random.ts';
import type { ReplicaServers } from '../../src/ports/replica-servers.ts';
import {
  type RunningLeadership,
  startLeadership,
} from '../../src/runtime/leadership/leadership.ts';
import { type Manager, startManager } from '../../src/runtime/manager.ts';
import { createMemoryLeases } from '../../src/simulation/memory-leases.ts';
import { createMemoryLink, type MemoryLink } from '../../src/simulation/memory-link.ts';
import type { MemoryLog } from '../../src/simulation/memory-log.ts';
import { createMemoryStore } from '../../src/simulation/memory-store.ts';
import type { World } from '../../src/simulation/world.ts';
import type { GenesisRecord } from '../../src/state/genesis-record.ts';
import type { Node } from '../../src/state/node.ts';
import { createLife, type Life, mortal, mortalClock } from './whole-cluster-life.ts';
import type { Identity } from './whole-cluster-record.ts';

const BEAT_MS = 10_000;

/** Something an agent logged above debug, for whoever looks into a run. */
export interface LoggedEvent {
  readonly atMs: number;
  readonly hostname: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What agents of one cluster share. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly world: World;
  readonly log: MemoryLog;
  readonly record: GenesisRecord;
  readonly events: LoggedEvent[];
  /** What one way between an agent and the log takes at most. */
  readonly mostTravelMs: number;
  /** Hears of each call of any agent right before it takes effect, and may kill that agent there. */
  readonly witness: (agent: WholeClusterAgent, call: string) => void;
}

/** The agent of one machine: every controller there is, on what outlives its process. */
export interface WholeClusterAgent {
  readonly node: Node;
  readonly hostname: string;
  isRunning(): boolean;
  /** The term it leads in; undefined when it does not. */
  term(): number | undefined;
  /** Nothing when it runs. */
  start(): void;
  /** SIGKILL. A write under way may still reach the log, or not. */
  kill(): void;
  /** SIGTERM: passes under way come to their end, and a leader hands over. */
  stop(): Promise<void>;
  health(): ReturnType<Manager['health']>;
  /** How it reaches the log; undefined while it does not run. */
  link(): MemoryLink | undefined;
}

interface Running {
  readonly life: Life;
  readonly link: MemoryLink;
  readonly leadership: RunningLeadership;
  readonly manager: Manager;
}

export function createAgent({ node, sealKey }: Identity, around: Surroundings): WholeClusterAgent {
  const { hostname, nodeId, incarnation } = node;
  const { clock, random, world, log, record, mostTravelMs } = around;
  const durable = memoryDurable();
  const replicaServers = runningReplicas();
  const sealer = createX25519Sealer(sealKey);
  let running: Running | undefined;

  function run(life: Life): Running {
    const ownClock = mortalClock(life, clock);
    const link = createMemoryLink(() => ownClock.sleep(random.number() * mostTravelMs));
    const self = { nodeId, incarnation, record: node };
    const store = createMemoryStore({ log, link });
    const leases = createMemoryLeases({ log, link, clock: ownClock, self });
    const logger = loggerOf(hostname, life, around);
    const writableStore = mortal(life, store, 'store', ['put', 'remove']);
    const common = { clock: ownClock, leases, log: logger, random, self, store: writableStore };
    const leadership = startLeadership(common);
    const ports: Ports = {
      ...common,
      ...mortalHostPorts(life, world.hostPorts(hostname)),
      durable: mortal(life, durable, 'durable'),
      leadership,
      replicaServers: mortal(life, replicaServers, 'replicaServers'),
      sealer,
    };
    void beat(life, ownClock, leases);
    const frozen = () => !store.synced || store.problems().length > 0;
    const manager = startManager(
      controllersOf(() => record),
      ports,
      frozen,
    );
    return { life, link, leadership, manager };
  }

  const agent: WholeClusterAgent = {
    node,
    hostname,
    isRunning: () => running !== undefined,
    term: () => running?.leadership.term(),
    start() {
      running ??= run(createLife((call) => around.witness(agent, call)));
    },
    kill() {
      if (!running) return;
      running.life.end();
      if (random.number() < 0.5) running.link.setUp(false);
      running = undefined;
    },
    async stop() {
      const stopping = running;
      running = undefined;
      await stopping?.manager.stop();
      await stopping?.leadership.stop(true);
      stopping?.life.end();
      stopping?.link.setUp(false);
    },
    health: () => running?.manager.health() ?? {},
    link: () => running?.link,
  };
  return agent;
}

function mortalHostPorts(life: Life, ports: ReturnType<World['hostPorts']>) {
  return {
    balancer: mortal(life, ports.balancer, 'balancer'),
    etcd: mortal(life, ports.etcd, 'etcd'),
    files: mortal(life, ports.files, 'files'),
    host: mortal(life, ports.host, 'host'),
    kube: mortal(life, ports.kube, 'kube'),
    operations: mortal(life, ports.operations, 'operations'),
    podNetwork: mortal(life, ports.podNetwork, 'podNetwork'),
  };
}

async function beat(life: Life, clock: Clock, leases: Leases): Promise<void> {
  while (!life.isOver()) {
    try {
      await leases.beat();
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
    }
    await clock.sleep(BEAT_MS);
  }
}

/** A state directory: whatever was written there is there at the next start. */
function memoryDurable(): Durable {
  const files = new Map<string, string>();
  return {
    async read(name, schema) {
      const text = files.get(name);
      return text === undefined ? undefined : schema.parse(JSON.parse(text));
    },
    async write(name, value) {
      files.set(name, JSON.stringify(value));
    },
    async remove(name) {
      files.delete(name);
    },
  };
}

/** Units that the service manager starts at each boot. */
function runningReplicas(): ReplicaServers {
  const names = new Set<string>();
  return {
    observe: async () => [...names].map((serverName) => ({ serverName, running: true })),
    async start({ serverName }) {
      names.add(serverName);
    },
    async stop(serverName) {
      names.delete(serverName);
    },
  };
}

function loggerOf(hostname: string, life: Life, { clock, events }: Surroundings): Log {
  const keep = ({ event, ...fields }: Parameters<Log['info']>[0]): void => {
    if (!life.isOver()) events.push({ atMs: clock.nowMs(), hostname, event, fields });
  };
  return { debug: () => undefined, info: keep, warn: keep, error: keep };
}
