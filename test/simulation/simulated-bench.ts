import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import type { HostSpec } from '../../src/simulation/simulated-host.ts';
import { createVirtualClock, type VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { createWorld, type World } from '../../src/simulation/world.ts';
import type { ContractBench, ContractHost } from '../contracts/cluster-by-hand.ts';

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

/** Hosts n1, n2, … of a simulated world in virtual time, switched on. */
export function simulatedBench(options: BenchOptions): SimulatedBench {
  const { hosts: count, seed = 1, speed = 1, spec = {} } = options;
  const clock = createVirtualClock();
  const world = createWorld({ clock, random: createSeededRandom(seed), speed });
  const hosts = Array.from({ length: count }, (_, index) => {
    const name = `n${index + 1}`;
    const address = `10.66.0.${index + 1}`;
    world.addHost({ hostname: name, address, ...spec });
    return { name, address, ports: world.hostPorts(name) };
  });
  return {
    kubernetesVersion: spec.kubernetesVersions?.[0] ?? 'v1.34.4',
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
