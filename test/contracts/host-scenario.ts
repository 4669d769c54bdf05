import type { ContractBench, ContractHost } from './contract-bench.ts';

/**
 * What any implementation of HostPorts must show, simulated or real. The machines are empty at the
 * start; `observe` sees nothing but ports and a clock, and leaves out what differs by nature.
 */
export interface HostScenario {
  readonly title: string;
  readonly hosts: number;
  readonly observe: (bench: ContractBench) => Promise<unknown>;
  readonly expected: unknown;
}

/** The facts of a machine that never saw Kubernetes. */
export const NOTHING = {
  '/etc/kubernetes': [],
  '/etc/kubernetes/manifests': [],
  '/etc/kubernetes/pki': [],
  kubelet: false,
  apiServer: false,
  etcd: undefined,
  node: undefined,
  operations: 'absent',
};

/** Longer than etcd's own HealthInterval: by then it judges by how things are now. */
export const SETTLED_MS = 10_000;

export function at({ hosts }: ContractBench, index: number): ContractHost {
  const host = hosts[index];
  if (!host) throw new RangeError(`the scenario has no host ${index}`);
  return host;
}
