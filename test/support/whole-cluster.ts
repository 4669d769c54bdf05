import type { Random } from '../../src/ports/random.ts';
import type { StoreHandle } from '../../src/ports/store.ts';
import { createMemoryLink } from '../../src/simulation/memory-link.ts';
import { createMemoryLog, type MemoryLog } from '../../src/simulation/memory-log.ts';
import { createMemoryStore } from '../../src/simulation/memory-store.ts';
import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import { createVirtualClock, type VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { createWorld, type World } from '../../src/simulation/world.ts';
import type { GenesisRecord } from '../../src/state/genesis-record.ts';
import type { Kind } from '../../src/state/kinds.ts';
import { createAgent, type WholeClusterAgent, type Witness } from './whole-cluster-agent.ts';
import type { Surroundings } from './whole-cluster-process.ts';
import {
  createIdentity,
  genesisAmong,
  type Identity,
  type SpecOverrides,
} from './whole-cluster-record.ts';

/** Replicas of the log that must be there. */
const QUORUM = 2;

export interface WholeClusterOptions {
  readonly nodes: number;
  readonly seed: number;
  readonly spec?: SpecOverrides;
  readonly witness?: Witness;
  /** The agents start one by one within this time, in an order that the seed draws. */
  readonly startWithinMs?: number;
  /** What one way between an agent and the log takes at most; default: as in one rack. */
  readonly mostTravelMs?: number;
  /** Until then an agent that started has reached the log; before, it goes by the copy on its disk. */
  readonly connectsWithinMs?: number;
}

/** One change of the log: an entry written or removed. */
interface LogChange {
  readonly atMs: number;
  readonly kind: Kind;
  readonly key: string;
}

/** Simulated machines n1, n2, … that went through one genesis, each with the real controllers. */
export interface WholeCluster {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly world: World;
  readonly record: GenesisRecord;
  /** The log as it is, without any delay. */
  readonly store: StoreHandle;
  readonly log: MemoryLog;
  readonly changes: readonly LogChange[];
  readonly agents: readonly WholeClusterAgent[];
  agent(hostname: string): WholeClusterAgent;
  leader(): WholeClusterAgent | undefined;
  /** Another machine with the same token; its agent starts at once. */
  addMachine(): WholeClusterAgent;
  /** Takes the agent with it, and the log's quorum when too few replicas are left. */
  powerOff(hostname: string): void;
  boot(hostname: string): void;
  /** Ends all agents, so that nothing of this cluster goes on in another test. */
  end(): void;
}

export function startWholeCluster(options: WholeClusterOptions): WholeCluster {
  const { nodes: count, seed, spec = {}, startWithinMs = 2_000 } = options;
  const { mostTravelMs = 5, connectsWithinMs = 1_000 } = options;
  const delays = { mostTravelMs, connectsWithinMs };
  const random = createSeededRandom(seed);
  const clock = createVirtualClock({ random });
  const world = createWorld({ clock, random });
  const log = createMemoryLog();
  const store = createMemoryStore({ log, link: createMemoryLink() });
  const identities = Array.from({ length: count }, (_, i) => createIdentity(i + 1, random));
  const record = genesisAmong(
    identities.map(({ node }) => node),
    random,
    spec,
  );
  const changes: LogChange[] = [];
  const agents: WholeClusterAgent[] = [];
  const witness = options.witness ?? (() => undefined);
  const around: Surroundings = { clock, random, world, log, record, ...delays };

  store.onChange((kind, key) => changes.push({ atMs: clock.nowMs(), kind, key }));

  function add(identity: Identity): WholeClusterAgent {
    const { hostname, addresses } = identity.node;
    world.addHost({ hostname, address: addresses[0] ?? '' });
    const agent = createAgent(identity, around, witness);
    agents.push(agent);
    return agent;
  }

  function agentOf(hostname: string): WholeClusterAgent {
    const agent = agents.find((each) => each.hostname === hostname);
    if (!agent) throw new RangeError(`there is no machine ${hostname}`);
    return agent;
  }

  function weighReplicas(): void {
    const isPowered = (nodeId: string) => {
      const hostname = agents.find(({ node }) => node.nodeId === nodeId)?.hostname ?? '';
      return world.state.hosts.get(hostname)?.runtime !== undefined;
    };
    const quorum = record.replicas.filter(({ nodeId }) => isPowered(nodeId)).length >= QUORUM;
    // Those that come back hold the entries, and nothing of what was only in memory.
    if (quorum && !log.hasQuorum()) log.restart();
    log.setQuorum(quorum);
  }

  for (const agent of identities.map(add)) {
    void clock.sleep(random.number() * startWithinMs).then(agent.start);
  }

  return {
    clock,
    random,
    world,
    record,
    store,
    log,
    changes,
    agents,
    agent: agentOf,
    leader: () => agents.find((agent) => agent.term() !== undefined),
    addMachine() {
      const agent = add(createIdentity(agents.length + 1, random));
      agent.start();
      return agent;
    },
    powerOff(hostname) {
      agentOf(hostname).kill();
      world.powerOff(hostname);
      weighReplicas();
    },
    boot(hostname) {
      world.boot(hostname);
      weighReplicas();
      agentOf(hostname).start();
    },
    end() {
      for (const agent of agents) agent.kill();
    },
  };
}
