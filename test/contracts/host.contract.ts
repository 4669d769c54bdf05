import type { HostScenario } from './host-scenario.ts';
import { KUBERNETES_SCENARIOS } from './kubernetes-scenarios.ts';
import { MACHINE_SCENARIOS } from './machine-scenarios.ts';

/** The contract of HostPorts: run by tests on simulated hosts, and in the lab on real ones. */
export const HOST_SCENARIOS: readonly HostScenario[] = [
  ...MACHINE_SCENARIOS,
  ...KUBERNETES_SCENARIOS,
];
