import type { MemberOptions } from '../../engine/membership.ts';
import { proposeRecord } from '../../formation/propose-record.ts';
import { FORMED_FILE } from '../../formation/record-keeper.ts';
import type { GenesisRecord } from '../../state/genesis-record.ts';
import { NEVER_CONTROL_PLANE_LABEL, type Node } from '../../state/node.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import type { Machine } from '../fleet/machine.ts';
import type { NodeFacts } from '../fleet/node-record.ts';
import type { Blueprint, BlueprintMachine } from './blueprint.ts';

const LOG_PORT_BASE = 7_950;

/** Machines that are about to become the cluster of a blueprint. */
export interface StartedFleet {
  readonly fleet: Fleet;
  /** From now on every machine may become a control plane; the agents that might not start again. */
  releaseRoles(): void;
}

export interface StartOptions {
  readonly seed: number;
  /** Releases of Kubernetes that every machine has binaries of, the present one first. */
  readonly kubernetesVersions: readonly string[];
}

/** Switches all machines on. A copied cluster keeps its replicas of the log and its control planes. */
export function startBlueprint(blueprint: Blueprint, options: StartOptions): StartedFleet {
  const { machines, genesis, expectedNodes, kubernetesVersion } = blueprint;
  const spec = { ...blueprint.spec, kubernetesVersion };
  const held = new Set(heldBack(machines));
  const fleet = startFleet({
    nodes: machines.length,
    seed: options.seed,
    expectedNodes,
    spec,
    facts: (number) => factsOf(machines[number - 1]),
    host: () => ({ kubernetesVersions: options.kubernetesVersions }),
    alterPorts: (ports, node) =>
      held.has(node.hostname) ? withoutControlPlane(ports, node) : ports,
  });
  if (genesis) {
    const record = copiedRecord({ ...blueprint, spec }, genesis, fleet);
    for (const machine of fleet.machines) keepRecord(machine, record);
  }
  return {
    fleet,
    releaseRoles() {
      const restarted = fleet.machines.filter(({ hostname }) => held.delete(hostname));
      for (const machine of restarted) machine.kill();
      for (const machine of restarted) machine.start();
    },
  };
}

/** Those that must not get the place of a control plane of the cluster copied from. */
function heldBack(machines: readonly BlueprintMachine[]): readonly string[] {
  const hasControlPlane = machines.some(({ role }) => role === 'control-plane');
  const others = machines.filter(({ role }) => role !== 'control-plane');
  return hasControlPlane ? others.map(({ hostname }) => hostname) : [];
}

function factsOf(machine: BlueprintMachine | undefined): NodeFacts {
  if (machine === undefined) return {};
  const { hostname, zone, labels, capacity } = machine;
  return { hostname, zone, labels, ...(capacity && { capacity }) };
}

function withoutControlPlane(ports: MemberOptions['ports'], node: Node): MemberOptions['ports'] {
  const labels = { ...node.labels, [NEVER_CONTROL_PLANE_LABEL]: 'while-forming' };
  return { ...ports, self: { ...ports.self, record: { ...node, labels } } };
}

function copiedRecord(
  { spec, expectedNodes }: Blueprint,
  { clusterId, replicaHosts, firstControlPlane }: NonNullable<Blueprint['genesis']>,
  { machines }: Fleet,
): GenesisRecord {
  const named = (hostname: string) => machines.find((machine) => machine.hostname === hostname);
  const [first, ...others] = [...new Set(replicaHosts.map(named))].flatMap((each) => each ?? []);
  const founder = first ?? machines[0];
  if (!founder) throw new RangeError('simulation: a cluster has at least one machine');
  const record = proposeRecord({
    clusterId,
    epoch: 1,
    expectedNodes,
    spec,
    enrolmentCa: `simulated CA of ${clusterId}`,
    hosts: [logHost(founder), ...others.map(logHost)],
  });
  return { ...record, firstControlPlane: (named(firstControlPlane) ?? founder).node().nodeId };
}

function logHost(machine: Machine) {
  const { nodeId, addresses, zone } = machine.node();
  return { nodeId, address: addresses[0] ?? '', logPortBase: LOG_PORT_BASE, zone };
}

function keepRecord(machine: Machine, record: GenesisRecord): void {
  machine.directory().restore(new Map([[FORMED_FILE, JSON.stringify(record)]]));
}
