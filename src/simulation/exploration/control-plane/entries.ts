import { writeProgress } from '../../../machines/operation-progress.ts';
import type { Assignment, Role, Task } from '../../../state/assignment.ts';
import type { Entry, Kind, Value } from '../../../state/kinds.ts';
import type { Liveness } from '../../../state/liveness.ts';
import type { Node } from '../../../state/node.ts';
import type { NodeId } from '../../../state/node-id.ts';
import type { Operation } from '../../../state/operation.ts';
import type { Status } from '../../../state/status.ts';
import { memoised } from '../memo.ts';
import { specific } from './names.ts';
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

/** All nodes are equally good, so nothing but their ids tells them apart. */
export const nodeValue = memoised(
  (nodeId: NodeId): Node => ({
    nodeId,
    incarnation: INCARNATION,
    hostname: nodeId,
    addresses: ['192.0.2.1'],
    peerPort: 7_946,
    machineIdHash: nodeId.charCodeAt(0).toString(16).padStart(64, '0'),
    zone: '',
    labels: {},
    sealKey: '',
    capacity: { cpus: 4, memoryMiB: 8_192, fsyncP99Ms: 2 },
    agentVersion: '',
  }),
);

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

export function statusValue(nodeId: NodeId, said: Said, asked: Place['asked']): Status {
  const { phase, name, reason, nodeReady, apiServerReady, etcdMember } = said;
  return {
    nodeId,
    incarnation: INCARNATION,
    phase: phase as Status['phase'],
    role: asked ? roleOf(asked.task) : null,
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
