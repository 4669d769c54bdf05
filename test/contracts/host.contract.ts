import { CERTIFICATE_SCENARIOS } from './certificate-scenarios.ts';
import { ETCD_SCENARIOS } from './etcd-scenarios.ts';
import type { HostScenario } from './host-scenario.ts';
import { IN_PLACE_SCENARIOS } from './in-place-scenarios.ts';
import { KUBERNETES_SCENARIOS } from './kubernetes-scenarios.ts';
import { MACHINE_SCENARIOS } from './machine-scenarios.ts';
import { NODE_SCENARIOS } from './node-scenarios.ts';
import { UPGRADE_SCENARIOS } from './upgrade-scenarios.ts';
import { WORKLOAD_SCENARIOS } from './workload-scenarios.ts';

/** The contract of HostPorts: run by tests on simulated hosts, and in the lab on real ones. */
export const HOST_SCENARIOS: readonly HostScenario[] = [
  ...MACHINE_SCENARIOS,
  ...KUBERNETES_SCENARIOS,
  ...ETCD_SCENARIOS,
  ...NODE_SCENARIOS,
  ...WORKLOAD_SCENARIOS,
  ...IN_PLACE_SCENARIOS,
  ...UPGRADE_SCENARIOS,
  ...CERTIFICATE_SCENARIOS,
];
