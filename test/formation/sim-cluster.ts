import { type Formation, startFormation } from '../../src/formation/formation.ts';
import type { Discovery } from '../../src/ports/discovery.ts';
import type { Log } from '../../src/ports/log.ts';
import { createSeededRandom, randomHex } from '../../src/simulation/seeded-random.ts';
import { createVirtualClock, type VirtualClock } from '../../src/simulation/virtual-clock.ts';
import type { Hello } from '../../src/state/hello.ts';
import { helloOf, spec } from './builders.ts';
import { createMemoryDurable, type MemoryDurable } from './memory-durable.ts';
import { createSimLogs, type SimLogs } from './sim-log.ts';
import { createSimNetwork, type SimNetwork } from './sim-network.ts';
import { startSimReplicas } from './sim-replicas.ts';

const quiet = () => undefined;
const SILENT_LOG: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

export interface SimAgent {
  readonly number: number;
  readonly address: string;
  readonly durable: MemoryDurable;
  readonly formation: Formation;
  /** As a power cut: nothing is said any more; the disk stays. */
  kill(): Promise<void>;
  stop(): Promise<unknown>;
}

export interface SimCluster {
  readonly clock: VirtualClock;
  readonly network: SimNetwork;
  readonly logs: SimLogs;
  start(number: number, options?: StartOptions): Promise<SimAgent>;
  /** Numbers of the clusters that agents hold, by cluster id. */
  clusterIds(): readonly string[];
  stop(): Promise<void>;
}

interface StartOptions {
  readonly durable?: MemoryDurable;
  readonly facts?: Partial<Hello>;
  /** How far its wall clock is ahead. */
  readonly clockOffMs?: number;
  /** Its host runs replicas of the log. */
  readonly withReplicas?: boolean;
}

export interface SimOptions {
  readonly seed: number;
  readonly expectedNodes: number;
  /** Chance that one node hears of another by discovery. */
  readonly discovery?: number;
}

/** Whole formations on a simulated network, in virtual time. */
export function createSimCluster({ seed, expectedNodes, discovery = 1 }: SimOptions): SimCluster {
  const random = createSeededRandom(seed);
  const clock = createVirtualClock({ random, startWallMs: 1_000_000 });
  const network = createSimNetwork(clock, random);
  const logs = createSimLogs({ reaches: network.reaches, random: random.number });
  const agents: SimAgent[] = [];
  const searching = new Map<string, (address: string, port: number) => void>();

  /** Like multicast: who starts is heard by some of those who run, and hears some of them. */
  function discoveryOf(address: string): Discovery {
    return {
      name: 'sim',
      start(onCandidate) {
        for (const [other, tell] of searching) {
          if (random.number() < discovery) tell(address, 7946);
          if (random.number() < discovery) onCandidate(other, 7946);
        }
        searching.set(address, onCandidate);
        return {
          stop: async () => {
            searching.delete(address);
          },
        };
      },
      health: () => ({ name: 'sim', state: 'ok', lastSeenMs: null, message: '' }),
    };
  }

  async function start(number: number, options: StartOptions = {}): Promise<SimAgent> {
    const { durable = createMemoryDurable(), facts = {}, clockOffMs = 0 } = options;
    const instance = randomHex(random, 32);
    const { protocol, formed, record, wallMs, startedWallMs, peers, ...self } = helloOf(number, {
      instance,
      ...facts,
    });
    const address = self.addresses[0] ?? '';
    const formation = await startFormation({
      clock: { ...clock, wallMs: () => clock.wallMs() + clockOffMs },
      crypto: { enrolmentCa: (clusterId) => `CA of ${clusterId}` },
      discovery: [discoveryOf(address)],
      durable,
      log: SILENT_LOG,
      peers: network.attach(self.nodeId, address),
      random,
      self,
      expectedNodes,
      spec,
    });
    formation.formed.catch(() => undefined);
    logs.powerOn(address);
    const replicas = options.withReplicas
      ? startSimReplicas({ clock, durable, formation, logs, nodeId: self.nodeId, address })
      : undefined;
    const stop = () => Promise.all([formation.stop(), replicas?.stop()]);
    const agent: SimAgent = {
      number,
      address,
      durable,
      formation,
      async kill() {
        network.detach(address);
        logs.powerOff(address);
        agents.splice(agents.indexOf(agent), 1);
        await clock.drive(stop());
      },
      stop,
    };
    agents.push(agent);
    return agent;
  }

  return {
    clock,
    network,
    logs,
    start,
    clusterIds() {
      const ids = agents.flatMap(({ formation }) => formation.record()?.clusterId ?? []);
      return [...new Set(ids)];
    },
    async stop() {
      await clock.drive(Promise.all(agents.map((agent) => agent.stop())));
    },
  };
}
