import { createX25519Sealer } from '../../src/adapters/x25519-sealer.ts';
import { controllersOf } from '../../src/engine/controllers.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Durable } from '../../src/ports/durable.ts';
import type { HostPorts, Ports } from '../../src/ports/index.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Random } from '../../src/ports/random.ts';
import type { ReplicaServers } from '../../src/ports/replica-servers.ts';
import type { StoreHandle } from '../../src/ports/store.ts';
import { beatUntil } from '../../src/runtime/beating.ts';
import {
  type RunningLeadership,
  startLeadership,
} from '../../src/runtime/leadership/leadership.ts';
import { openStore } from '../../src/runtime/log/open-store.ts';
import { type Manager, startManager } from '../../src/runtime/manager.ts';
import { createMemoryLeases } from '../../src/simulation/memory-leases.ts';
import { createMemoryLink, type MemoryLink } from '../../src/simulation/memory-link.ts';
import type { MemoryLog } from '../../src/simulation/memory-log.ts';
import type { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import type { World } from '../../src/simulation/world.ts';
import { type GenesisRecord, logName } from '../../src/state/genesis-record.ts';
import { SINGLETON } from '../../src/state/kinds.ts';
import { type Life, mortal, mortalClock } from './whole-cluster-life.ts';
import type { Identity } from './whole-cluster-record.ts';

const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** What agents of one cluster share. */
export interface Surroundings {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly world: World;
  readonly log: MemoryLog;
  readonly record: GenesisRecord;
  /** What one way between an agent and the log takes at most. */
  readonly mostTravelMs: number;
  /** Until then an agent that started has reached the log; before, it goes by the copy on its disk. */
  readonly connectsWithinMs: number;
}

/** What outlives the process. */
export interface StateDirectory {
  readonly durable: Durable;
  readonly replicaServers: ReplicaServers;
}

/** One run of an agent's process. */
export interface Process {
  readonly link: MemoryLink;
  readonly leadership: RunningLeadership;
  stop(): Promise<void>;
}

/** The agent from the genesis record on, put together as src/agent does. Never resolves for one that died first. */
export async function startProcess(
  life: Life,
  identity: Identity,
  directory: StateDirectory,
  around: Surroundings,
): Promise<Process> {
  const { random, log, record } = around;
  const { node } = identity;
  const clock = mortalClock(life, around.clock);
  const durable = mortal(life, directory.durable, 'durable');
  const self = { nodeId: node.nodeId, incarnation: node.incarnation, record: node };
  const link = linkToLog(clock, around);

  const entries = log.entries.over(link);
  const opened = await openStore(entries, logName(record), { clock, durable, log: SILENT });
  const store = mortal(life, opened, 'store', ['put', 'remove']);
  const leases = createMemoryLeases({ log, link, clock, self });
  const leadership = startLeadership({ clock, leases, log: SILENT, random, self, store });
  const stopping = new AbortController();
  const beating = beatUntil(stopping.signal, { clock, leases, log: SILENT });
  const ports: Ports = {
    ...mortalHostPorts(life, around.world.hostPorts(node.hostname)),
    clock,
    durable,
    leadership,
    leases,
    log: SILENT,
    random,
    replicaServers: mortal(life, directory.replicaServers, 'replicaServers'),
    sealer: createX25519Sealer(identity.sealKey),
    self,
    store,
  };
  const manager = manage(ports, opened, record);

  async function stop(): Promise<void> {
    await manager.stop();
    await leadership.stop(true);
    stopping.abort();
    leases.stop();
    await opened.stop();
    await beating;
  }
  return { link, leadership, stop };
}

/** It takes a moment to reach the log; until then the agent goes by what its disk has of it. */
function linkToLog(clock: Clock, around: Surroundings): MemoryLink {
  const { random, mostTravelMs, connectsWithinMs } = around;
  const link = createMemoryLink(() => clock.sleep(random.number() * mostTravelMs));
  link.setUp(false);
  void clock.sleep(random.number() * connectsWithinMs).then(() => link.setUp(true));
  return link;
}

function manage(ports: Ports, store: StoreHandle, record: GenesisRecord): Manager {
  const logWorked = () => store.synced || store.get('leadership', SINGLETON) !== undefined;
  const controllers = controllersOf({ formed: () => record, logWorked });
  const manager = startManager(controllers, ports, () => store.problems().length > 0);
  void store.ready.then(() => manager.retryNow());
  return manager;
}

function mortalHostPorts(life: Life, ports: HostPorts): HostPorts {
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
