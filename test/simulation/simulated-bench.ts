import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import type { HostSpec } from '../../src/simulation/simulated-host.ts';
import { createVirtualClock, type VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { createWorld, type World } from '../../src/simulation/world.ts';
import type { ContractBench, ContractHost, ContractRoom } from '../contracts/contract-bench.ts';
import { ORDINARY_CONFIGS } from '../contracts/kubeadm-files.ts';

export interface SimulatedBench extends ContractBench {
  readonly world: World;
  readonly clock: VirtualClock;
  host(index: number): ContractHost;
  /** Lets time pass until the promise settles. */
  drive<T>(promise: Promise<T>): Promise<T>;
}

export interface BenchOptions {
  readonly hosts: number;
  readonly seed?: number;
  readonly speed?: number;
  /** Differs from an ordinary machine in this. */
  readonly spec?: Partial<HostSpec>;
}

/** Both that the lab has. */
const VERSIONS = ['v1.34.4', 'v1.33.13'];

/** Hosts n1, n2, … of a simulated world in virtual time, switched on. */
export function simulatedBench(options: BenchOptions): SimulatedBench {
  const { hosts: count, seed = 1, speed = 1, spec = {} } = options;
  const clock = createVirtualClock();
  const world = createWorld({ clock, random: createSeededRandom(seed), speed });
  const hosts = Array.from({ length: count }, (_, index) => {
    const name = `n${index + 1}`;
    const address = `10.88.0.${index + 1}`;
    world.addHost({ hostname: name, address, kubernetesVersions: VERSIONS, ...spec });
    return { name, address, ports: world.hostPorts(name) };
  });
  return {
    kubernetesVersion: spec.kubernetesVersions?.[0] ?? 'v1.34.4',
    componentConfigs: ORDINARY_CONFIGS,
    room: simulatedRoom(world),
    clock,
    world,
    hosts,
    host(index) {
      const host = hosts[index];
      if (!host) throw new RangeError(`the bench has no host ${index}`);
      return host;
    },
    drive: (promise) => clock.drive(promise),
  };
}

function simulatedRoom(world: World): ContractRoom {
  return {
    powerCut: async ({ name }) => world.powerOff(name),
    boot: async ({ name }) => world.boot(name),
    apply: async ({ name }, workload) => world.applyWorkload(name, workload),
    applyBudget: async ({ name: host }, { name, minAvailable }) => {
      const selector = { matchLabels: { app: name }, matchExpressions: [] };
      world.applyBudget(host, { namespace: 'default', name, selector, minAvailable });
    },
    program: (name, version) => `/opt/civitas/kubernetes/${version.slice(1)}/${name}`,
  };
}
