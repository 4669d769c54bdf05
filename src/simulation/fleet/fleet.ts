import type { MemberOptions } from '../../engine/membership.ts';
import type { Random } from '../../ports/random.ts';
import type { StoreHandle } from '../../ports/store.ts';
import { type ClusterSpec, clusterSpecSchema } from '../../state/cluster-spec.ts';
import { createMemoryLink } from '../memory-link.ts';
import { createMemoryStore } from '../memory-store.ts';
import { createSeededRandom } from '../seeded-random.ts';
import type { HostSpec } from '../simulated-host.ts';
import { createRecorder, type Recorder } from '../trace/recorder.ts';
import { createVirtualClock, type VirtualClock } from '../virtual-clock.ts';
import { createWorld, type World } from '../world.ts';
import { createLogs, type Logs } from './logs.ts';
import { createMachine, type Machine } from './machine.ts';
import { createMulticast, type Multicast } from './multicast.ts';
import type { NodeFacts } from './node-record.ts';
import { createPeerNetwork, type PeerNetwork } from './peer-network.ts';
import { reachIn } from './reach.ts';
import type { SimulatedLog } from './simulated-log.ts';
import type { Surroundings } from './surroundings.ts';
import { tellCommits, tellReplicas, tellServing, tellWorld } from './tell-trace.ts';

const KUBERNETES_VERSION = 'v1.34.4';

export interface FleetOptions {
  /** Machines that are there from the start: n1, n2, … */
  readonly nodes: number;
  readonly seed: number;
  /** From the token; default: as many as there are. */
  readonly expectedNodes?: number;
  readonly spec?: Partial<ClusterSpec>;
  /** Name of the join key that machine number 1, 2, … is given; default: one for all. */
  readonly keyOf?: (number: number) => string;
  readonly facts?: (number: number) => NodeFacts;
  /** What is installed on machine number 1, 2, …; default: all it takes. */
  readonly host?: (number: number) => Partial<Omit<HostSpec, 'hostname' | 'address'>>;
  /** How fast the machines are; default 1, as those of the lab while nothing else runs beside it. */
  readonly speed?: number;
  /** The machines are switched on within this time, in an order that the seed draws. Default 2 s. */
  readonly startWithinMs?: number;
  /** Which controllers run; default: every one there is. */
  readonly controllers?: MemberOptions['controllers'];
  /** Puts something else in the place of an agent's ports, such as a broken guard. */
  readonly alterPorts?: Surroundings['alterPorts'];
  /** What may stand in no log line, argument or world-readable file. */
  readonly canaries?: readonly string[];
}

type CallListener = (machine: Machine, call: string, args: readonly unknown[]) => void;

/** A whole cluster in one process and virtual time, from empty machines on. */
export interface Fleet {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly world: World;
  readonly network: PeerNetwork;
  readonly multicast: Multicast;
  readonly logs: Logs;
  readonly recorder: Recorder;
  readonly machines: readonly Machine[];
  machine(hostname: string): Machine;
  /** Another machine with the same token, switched on at once. */
  addMachine(facts?: NodeFacts): Machine;
  /**
   * Calls back with each call of a port that may change something, right before it takes effect: the
   * place to kill an agent. Returns the way to end that.
   */
  onCall(witness: CallListener): () => void;
  /** Who leads; undefined while nobody does. */
  leader(): Machine | undefined;
  /** The newest log as it is, without any delay; undefined before there is one. */
  store(): StoreHandle | undefined;
  /** Ends all agents, so that nothing of this fleet goes on. */
  end(): void;
}

export function startFleet(options: FleetOptions): Fleet {
  const { nodes: count, seed, speed = 1, startWithinMs = 2_000, canaries = [] } = options;
  const { expectedNodes = count, alterPorts = (ports) => ports, controllers } = options;
  const { keyOf = () => 'key' } = options;
  const spec = clusterSpecSchema.parse({ kubernetesVersion: KUBERNETES_VERSION, ...options.spec });
  const random = createSeededRandom(seed);
  const clock = createVirtualClock({ random });
  const world = createWorld({ clock, random, speed });
  const recorder = createRecorder(
    { seed, expectedNodes, canaries, wallAtZeroMs: clock.wallMs() },
    clock.nowMs,
  );
  const machines: Machine[] = [];
  const callListeners = new Set<CallListener>();
  const stores = new Map<SimulatedLog, StoreHandle>();
  const reach = reachIn(world);
  const hostOf = (nodeId: string | undefined) =>
    machines.find((machine) => machine.node().nodeId === nodeId)?.hostname ?? '*';
  const logs = createLogs(
    {
      clock,
      random,
      hostOf,
      ...reach,
      onServing: (log) => tellServing(log, recorder, machines),
      onReplicas: (log) => tellReplicas(log, recorder),
    },
    (log) => open(log),
  );
  const around: Surroundings = {
    clock,
    random,
    world,
    logs,
    recorder,
    network: createPeerNetwork({ clock, random, canTalk: reach.canTalk }),
    multicast: createMulticast({ random, hears: reach.hears }),
    token: { expectedNodes, spec },
    keyOf,
    alterPorts,
    controllers,
    onCalled(hostname, call, args) {
      for (const witness of [...callListeners]) witness(named(hostname), call, args);
    },
  };

  function open(log: SimulatedLog): void {
    tellCommits(log, recorder, hostOf);
    tellReplicas(log, recorder);
    stores.set(log, createMemoryStore({ log: log.memory, link: createMemoryLink() }));
  }

  function named(hostname: string): Machine {
    const machine = machines.find((each) => each.hostname === hostname);
    if (!machine) throw new RangeError(`simulation: there is no machine ${hostname}`);
    return machine;
  }

  function add(facts: NodeFacts | undefined): Machine {
    const machine = createMachine(machines.length + 1, around, facts);
    machines.push(machine);
    return machine;
  }

  function switchOn(machine: Machine): void {
    const { hostname } = machine;
    const address = machine.node().addresses[0] ?? '';
    world.addHost({ ...options.host?.(machines.indexOf(machine) + 1), hostname, address });
    machine.start();
  }

  tellWorld({ world, logs, recorder, machines });
  for (let number = 1; number <= count; number += 1) {
    const machine = add(options.facts?.(number));
    void clock.sleep(random.number() * startWithinMs).then(() => switchOn(machine));
  }

  return {
    ...around,
    machines,
    machine: named,
    onCall(witness) {
      callListeners.add(witness);
      return () => callListeners.delete(witness);
    },
    addMachine(facts) {
      const machine = add(facts);
      switchOn(machine);
      return machine;
    },
    leader: () => machines.find((machine) => machine.term() !== undefined),
    store() {
      const log = logs.newest();
      return log && stores.get(log);
    },
    end() {
      for (const machine of machines) machine.kill();
    },
  };
}
