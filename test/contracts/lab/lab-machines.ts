import { join } from 'node:path';
import { boot, kill, sh, up, wipe } from '../../../lab/machine.ts';
import { existingMachines, machineFolder } from '../../../lab/machine-disk.ts';
import { address, firstMachines } from '../../../lab/machine-name.ts';
import {
  connectWorld,
  type SimulatedHostClient,
} from '../../../src/adapters/simulated-world-client.ts';
import { createSystemClock } from '../../../src/adapters/system-clock.ts';
import { until } from '../cluster-by-hand.ts';
import type { ContractBench, ContractHost, ContractRoom } from '../contract-bench.ts';
import { LAB_CONFIGS } from './lab-configs.ts';
import { budgetManifest, workloadManifest } from './manifests.ts';
import { PORTS_PROGRAM, PORTS_SOCKET } from './serve-ports.ts';

const NODE = '/opt/civitas-node/node';

/** A bench of real machines, and how to put them away. */
export interface LabBench extends ContractBench {
  close(): Promise<void>;
}

/** Machines n1, n2, … of the lab, empty and switched on; all machines of an earlier run are wiped. */
export async function labBench(count: number): Promise<LabBench> {
  const names = firstMachines(count);
  await wipe(await existingMachines());
  await up(names);
  await Promise.all(names.map(startPorts));
  const clients = new Map<string, SimulatedHostClient>();
  const hosts = names.map((name): ContractHost => {
    // The socket lies on the machine's disk, which is mounted here too.
    const ports = connectWorld(join(machineFolder(name), 'root', PORTS_SOCKET), name);
    clients.set(name, ports);
    return { name, address: address(name), ports };
  });
  const clock = createSystemClock();
  const bench = { kubernetesVersion: 'v1.34.4', clock, hosts, componentConfigs: LAB_CONFIGS };
  await Promise.all(hosts.map((host) => untilServed(clock, host)));
  return {
    ...bench,
    room: labRoom(clock),
    close: async () => {
      for (const client of clients.values()) client.close();
      await wipe(names);
    },
  };
}

function labRoom(clock: ContractBench['clock']): ContractRoom {
  return {
    powerCut: ({ name }) => kill([name]),
    boot: async (host) => {
      await boot([host.name]);
      await startPorts(host.name);
      await untilServed(clock, host);
    },
    apply: ({ name }, workload) => kubectlApply(name, workloadManifest(workload)),
    applyBudget: ({ name }, budget) => kubectlApply(name, budgetManifest(budget)),
    program: (name, version) => `/opt/k8s/${version.slice(1)}/${name}`,
  };
}

/** As a service of the machine, so that nothing of it is left after a power cut. */
async function startPorts(name: string): Promise<void> {
  const unit = ['systemd-run', '--quiet', '--collect', '--unit=contract-ports'];
  const environment = [
    '--setenv=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ];
  await inside(name, [...unit, ...environment, NODE, PORTS_PROGRAM]);
}

async function untilServed(clock: ContractBench['clock'], { ports }: ContractHost): Promise<void> {
  await until({ clock }, async () => {
    const names = await ports.files.list('/etc').catch(() => []);
    return names.length > 0 || undefined;
  });
}

async function kubectlApply(name: string, manifest: string): Promise<void> {
  await inside(name, ['kubectl', '--request-timeout=30s', 'apply', '-f', '-'], manifest);
}

async function inside(name: string, argv: readonly string[], input = ''): Promise<void> {
  const { exitCode, stdout, stderr } = await sh(name, argv, { input });
  if (exitCode === 0) return;
  throw new Error(`${name}: ${argv.join(' ')} ended with ${exitCode}: ${stderr || stdout}`);
}
