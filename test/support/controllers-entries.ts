import type { Assignment } from '../../src/state/assignment.ts';
import { type ClusterSpec, clusterSpecSchema } from '../../src/state/cluster-spec.ts';
import type { GenesisRecord, Replica } from '../../src/state/genesis-record.ts';
import type { Entry, Kind, Value } from '../../src/state/kinds.ts';
import type { Liveness } from '../../src/state/liveness.ts';
import type { Node } from '../../src/state/node.ts';
import type { NodeId } from '../../src/state/node-id.ts';
import type { Operation } from '../../src/state/operation.ts';
import type { Status } from '../../src/state/status.ts';

/** The id of node 1, 2 … 26: eleven times the same letter. */
export function id(number: number): NodeId {
  return String.fromCharCode(96 + number).repeat(11);
}

export function entry<K extends Kind>(
  kind: K,
  value: Value<K> & { readonly nodeId: string },
  revision = 1,
): Entry<K> {
  return { kind, key: value.nodeId, value, revision };
}

/** Node `n<number>` at 10.0.0.<number>, good for everything. */
export function node(number: number, overrides: Partial<Node> = {}): Node {
  return {
    nodeId: id(number),
    incarnation: 1,
    hostname: `n${number}`,
    addresses: [`10.0.0.${number}`],
    peerPort: 7_946,
    machineIdHash: number.toString(16).padStart(64, '0'),
    zone: '',
    labels: {},
    sealKey: 'key',
    capacity: { cpus: 4, memoryMiB: 8_192, fsyncP99Ms: 2 },
    agentVersion: '0.1.0',
    ...overrides,
  };
}

export function liveness(number: number, overrides: Partial<Liveness> = {}): Liveness {
  const evidence = 'it said so';
  return { nodeId: id(number), incarnation: 1, verdict: 'alive', evidence, ...overrides };
}

/** A worker's, unless told otherwise. */
export function assignment(number: number, overrides: Partial<Assignment> = {}): Assignment {
  return {
    nodeId: id(number),
    incarnation: 1,
    term: 5,
    operationId: `join-worker-${id(number)}-1`,
    role: 'worker',
    task: 'join-worker',
    sponsor: id(1),
    kubernetesVersion: 'v1.34.4',
    ...overrides,
  };
}

export function initAssignment(number: number, overrides: Partial<Assignment> = {}): Assignment {
  const role = 'control-plane';
  return assignment(number, {
    operationId: 'init',
    role,
    task: 'init',
    sponsor: null,
    ...overrides,
  });
}

export function controlPlaneAssignment(
  number: number,
  overrides: Partial<Assignment> = {},
): Assignment {
  const operationId = `join-control-plane-${id(number)}-1`;
  const task = 'join-control-plane';
  return assignment(number, { operationId, role: 'control-plane', task, ...overrides });
}

/** What the node says once it did what the assignment asks. */
export function served({ nodeId, incarnation, operationId, role }: Assignment): Status {
  const isControlPlane = role === 'control-plane';
  return {
    nodeId,
    incarnation,
    phase: role === 'spare' ? 'spare' : 'serving',
    role,
    operationId,
    waiting: null,
    kubernetes: {
      nodeReady: true,
      kubeletVersion: 'v1.34.4',
      podCidr: null,
      apiServerReady: isControlPlane,
      etcdMember: isControlPlane ? 'voter' : 'none',
    },
  };
}

/** What a node says that was asked nothing yet. */
export function status(number: number, overrides: Partial<Status> = {}): Status {
  return {
    nodeId: id(number),
    incarnation: 1,
    phase: 'waiting',
    role: null,
    operationId: null,
    waiting: null,
    kubernetes: {
      nodeReady: false,
      kubeletVersion: null,
      podCidr: null,
      apiServerReady: false,
      etcdMember: 'none',
    },
    ...overrides,
  };
}

export function operation(number: number, overrides: Partial<Operation> = {}): Operation {
  return {
    operationId: 'init',
    nodeId: id(number),
    incarnation: 1,
    term: 5,
    task: 'init',
    snapshot: { machine: 'operation', version: 1, value: 'running', context: {} },
    ...overrides,
  };
}

export function spec(overrides: Partial<ClusterSpec> = {}): ClusterSpec {
  return { ...clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' }), ...overrides };
}

export function replica(number: number, overrides: Partial<Replica> = {}): Replica {
  return {
    serverName: `${id(number)}-1`,
    nodeId: id(number),
    address: `10.0.0.${number}`,
    clientPort: 7_422,
    routePort: 7_622,
    ...overrides,
  };
}

export function genesisRecord(overrides: Partial<GenesisRecord> = {}): GenesisRecord {
  return {
    version: 1,
    clusterId: '6f1c1b7e-6f0e-4c3a-9b1c-0d6b1a2c3d4e',
    epoch: 1,
    expectedNodes: 3,
    spec: spec(),
    replicas: [replica(1), replica(2), replica(3)],
    firstControlPlane: id(1),
    enrolmentCa: 'PEM',
    ...overrides,
  };
}
