import type { Role } from '../../state/assignment.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { Node } from '../../state/node.ts';

/** One machine of the cluster to be simulated. */
export interface BlueprintMachine
  extends Pick<Node, 'hostname' | 'zone' | 'labels'>,
    Partial<Pick<Node, 'capacity'>> {
  /** That it has in the cluster copied from; null: whatever it is given. */
  readonly role: Role | null;
  /** Dead in the cluster copied from: switched off once all are whole. */
  readonly isDead: boolean;
}

/** Where the cluster copied from has what genesis once chose, by host name. */
interface CopiedGenesis {
  readonly clusterId: string;
  /** Of the log; three of them, perhaps on fewer machines. */
  readonly replicaHosts: readonly string[];
  readonly firstControlPlane: string;
}

/** The cluster that a simulation starts with. */
export interface Blueprint {
  /** As it is before any event. */
  readonly spec: ClusterSpec;
  /** What its machines run; older than the spec's where an edit was not carried out. */
  readonly kubernetesVersion: string;
  readonly expectedNodes: number;
  readonly machines: readonly BlueprintMachine[];
  /** Null: the machines form from nothing. */
  readonly genesis: CopiedGenesis | null;
  /** What is modelled how, a sentence each. */
  readonly notes: readonly string[];
}

const EMPTY_NOTE =
  'Machines, network, kubeadm, etcd and Kubernetes are simulated; all that decides is this release.';

/** Empty machines n1, n2, …, dealt to the zones that the spec names. */
export function emptyMachines(
  asked: ClusterSpec,
  { nodes, expectedNodes }: { readonly nodes: number; readonly expectedNodes: number },
): Blueprint {
  const { spec, notes } = withSimulatedNetwork(asked);
  const machines = Array.from({ length: nodes }, (_, index) => {
    const zone = spec.zones[index % Math.max(1, spec.zones.length)] ?? '';
    return { hostname: `n${index + 1}`, zone, labels: {}, role: null, isDead: false };
  });
  const { kubernetesVersion } = spec;
  return {
    ...{ spec, kubernetesVersion, expectedNodes, machines, genesis: null },
    notes: [EMPTY_NOTE, ...notes],
  };
}

/** The only pod network there is in the simulation; without one, no node would ever be Ready. */
export function withSimulatedNetwork(spec: ClusterSpec): Pick<Blueprint, 'spec' | 'notes'> {
  const { plugin } = spec.network;
  if (plugin === 'host-gateway') return { spec, notes: [] };
  const network = { ...spec.network, plugin: 'host-gateway' as const };
  const note = `The pod network is simulated as host-gateway, where the spec says ${plugin}.`;
  return { spec: { ...spec, network }, notes: [note] };
}
