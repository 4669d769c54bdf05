import { writeProgress } from '../../../machines/operation-progress.ts';
import type { Assignment, Role, Task } from '../../../state/assignment.ts';
import { ETCD_NOT_HEALTHY } from '../../../state/departure.ts';
import type { Entry, Kind, Value } from '../../../state/kinds.ts';
import type { Liveness } from '../../../state/liveness.ts';
import type { Node } from '../../../state/node.ts';
import type { NodeId } from '../../../state/node-id.ts';
import type { Operation } from '../../../state/operation.ts';
import type { Status } from '../../../state/status.ts';
import { memoised } from '../memo.ts';
import { nodeIdAt, specific } from './names.ts';
import type { Asked, Place, Recorded, Said } from './place.ts';

/** No upgrade is explored, so one version stands for all. */
export const KUBERNETES_VERSION = 'v1.34.4';
export const CLUSTER_ID = '00000000-0000-4000-8000-000000000000';
/** Of everybody: a wiped machine enrols under another id. */
export const INCARNATION = 1;

const ROLES: Readonly<Record<string, Role>> = {
  init: 'control-plane',
  'join-control-plane': 'control-plane',
  'join-worker': 'worker',
  promote: 'control-plane',
  demote: 'worker',
};

export function roleOf(task: Task): Role {
  return ROLES[task] ?? 'spare';
}

export function entry<K extends Kind>(
  kind: K,
  key: string,
  value: Value<K>,
  revision: number,
): Entry<K> {
  return { kind, key, value, revision };
}

/** All machines are equally good, so nothing but their names tells them apart. */
const machineValue = memoised(
  (name: string): Node => ({
    nodeId: name,
    incarnation: INCARNATION,
    hostname: name,
    addresses: ['192.0.2.1'],
    peerPort: 7_946,
    machineIdHash: name.charCodeAt(0).toString(16).padStart(64, '0'),
    zone: '',
    labels: {},
    sealKey: '',
    capacity: { cpus: 4, memoryMiB: 8_192, fsyncP99Ms: 2 },
    agentVersion: '',
  }),
);

/** `machine`: the name of the host, which is the id of the first node that it was. */
export function nodeValue(nodeId: NodeId, machine: string = nodeId): Node {
  const value = machineValue(machine);
  return machine === nodeId ? value : { ...value, nodeId };
}

/** The index of the first node that the machine at `index` was. */
export function machineOf(formers: readonly number[], index: number): number {
  const former = formers[index] ?? -1;
  return former < 0 ? index : machineOf(formers, former);
}

export function hostnameOf(formers: readonly number[], index: number): string {
  return nodeIdAt(machineOf(formers, index));
}

/** What stands in the log of the departure of this node; none or one. */
export function departureEntries(
  { asked, departure }: Pick<Place, 'asked' | 'departure'>,
  nodeId: NodeId,
  by: NodeId,
): readonly Entry<'departure'>[] {
  if (asked === null || departure === 'none') return [];
  const operationId = specific(asked.name, nodeId);
  const state = departure === 'stalled' ? 'under-way' : departure;
  const waiting =
    departure === 'stalled' ? { reason: ETCD_NOT_HEALTHY, message: '', sinceWallMs: 0 } : null;
  const value = { nodeId, incarnation: INCARNATION, operationId, by, state, waiting };
  return [entry('departure', nodeId, value, 1)];
}

/** The task that an operation is named after. */
function taskIn(name: string): Task {
  return name.replace(/-@-\d+$/, '') as Task;
}

export function livenessValue(nodeId: NodeId, verdict: Liveness['verdict']): Liveness {
  return { nodeId, incarnation: INCARNATION, verdict, evidence: '' };
}

export function assignmentValue(
  nodeId: NodeId,
  { task, name, term }: Asked,
  sponsor: NodeId | null,
): Assignment {
  return {
    nodeId,
    incarnation: INCARNATION,
    term,
    operationId: specific(name, nodeId),
    role: roleOf(task),
    task,
    sponsor,
    kubernetesVersion: KUBERNETES_VERSION,
  };
}

/** Terms are whole numbers; what is written in one comes before the next. */
export function revisionOfAsked({ term, lateIn = term }: Asked): number {
  return lateIn + 0.5;
}

export function operationValue(nodeId: NodeId, { name, task, progress }: Recorded): Operation {
  const operationId = specific(name, nodeId);
  const snapshot = writeProgress(progress);
  return { operationId, nodeId, incarnation: INCARNATION, term: 1, task, snapshot };
}

export function statusValue(nodeId: NodeId, said: Said): Status {
  const { phase, name, reason, nodeReady, apiServerReady, etcdMember } = said;
  return {
    nodeId,
    incarnation: INCARNATION,
    phase: phase as Status['phase'],
    role: name === null ? null : roleOf(taskIn(name)),
    operationId: name === null ? null : specific(name, nodeId),
    waiting: reason === null ? null : { reason, message: '', sinceWallMs: 0 },
    kubernetes: {
      nodeReady,
      apiServerReady,
      etcdMember,
      kubeletVersion: nodeReady ? KUBERNETES_VERSION : null,
      podCidr: null,
    },
  };
}
