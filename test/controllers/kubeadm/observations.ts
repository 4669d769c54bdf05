import type { Observed } from '../../../src/controllers/kubeadm/observed.ts';
import {
  FIRST_PROGRESS,
  type Progress,
  writeProgress,
} from '../../../src/machines/operation-progress.ts';
import type { Assignment, Role, Task } from '../../../src/state/assignment.ts';
import { USUAL_RETRY } from '../../../src/state/join-retry.ts';
import type { Entry } from '../../../src/state/kinds.ts';
import type { KubernetesFacts } from '../../../src/state/kubernetes-facts.ts';
import type { Status } from '../../../src/state/status.ts';

export const NODE = 'aaaaaaaaaaa';
export const OTHER_NODE = 'bbbbbbbbbbb';
export const CLUSTER = '5d1f0a4e-98f0-4f7c-8ad5-2b2f6d8f1a11';
export const WALL_MS = 1_700_000_000_000;

export const NO_FACTS: KubernetesFacts = {
  node: 'absent',
  hostsControlPlane: false,
  apiServerReady: false,
  etcdMember: 'none',
  initialised: false,
};

export const WORKER_FACTS: KubernetesFacts = {
  ...NO_FACTS,
  node: { ready: true, controlPlane: false, kubeletVersion: 'v1.34.4', podCidr: '10.244.1.0/24' },
};

export const CONTROL_PLANE_FACTS: KubernetesFacts = {
  node: { ready: true, controlPlane: true, kubeletVersion: 'v1.34.4', podCidr: '10.244.0.0/24' },
  hostsControlPlane: true,
  apiServerReady: true,
  etcdMember: 'voter',
  initialised: true,
};

/** A prepared host with its load balancer up, of which nothing was asked yet. */
export function observed(change: Partial<Observed> = {}): Observed {
  return {
    clusterId: CLUSTER,
    nodeId: NODE,
    incarnation: 1,
    wallMs: WALL_MS,
    kubernetesVersion: 'v1.34.4',
    assignment: undefined,
    obeyedTerm: 7,
    operation: undefined,
    reported: undefined,
    host: { state: 'ready' },
    marker: undefined,
    formerOperation: 'none',
    residue: [],
    synced: true,
    listedForMs: 60_000,
    facts: NO_FACTS,
    missingFile: undefined,
    worseForMs: 0,
    balancer: { running: true, listsOwnServer: true, reachesOthers: true },
    handover: 'ready',
    command: { phase: 'absent' },
    reset: { phase: 'absent' },
    kubeletStranded: false,
    inStateForMs: 0,
    retry: USUAL_RETRY,
    ...change,
  };
}

/** The same host with an assignment, and an operation that got as far as `progress` says. */
export function assigned(
  task: Task,
  progress: Partial<Progress> | undefined,
  change: Partial<Observed> = {},
): Observed {
  const assignment = assignmentFor(task);
  const { operationId } = assignment;
  const marker = { clusterId: CLUSTER, nodeId: NODE, incarnation: 1, operationId };
  const atWork = progress !== undefined && progress.state !== 'intended';
  return observed({
    assignment,
    operation: progress && operationEntry(assignment, { ...FIRST_PROGRESS, ...progress }),
    marker: atWork ? marker : undefined,
    ...change,
  });
}

const ROLES: Readonly<Record<Task, Role>> = {
  init: 'control-plane',
  'join-control-plane': 'control-plane',
  'join-worker': 'worker',
  'stand-by': 'spare',
  promote: 'control-plane',
  demote: 'worker',
  retire: 'spare',
};

export function assignmentFor(task: Task): Assignment {
  return {
    nodeId: NODE,
    incarnation: 1,
    term: 7,
    operationId: task === 'init' ? 'init' : `${task}-1`,
    role: ROLES[task],
    task,
    sponsor: task === 'init' || task === 'stand-by' ? null : OTHER_NODE,
    kubernetesVersion: 'v1.34.4',
  };
}

export function operationEntry(assignment: Assignment, progress: Progress): Entry<'operation'> {
  const { operationId, nodeId, incarnation, term, task } = assignment;
  const snapshot = writeProgress(progress);
  const value = { operationId, nodeId, incarnation, term, task, snapshot };
  return { kind: 'operation', key: operationId, value, revision: 40 };
}

export function statusEntry(change: Partial<Status>): Entry<'status'> {
  const value: Status = {
    nodeId: NODE,
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
    ...change,
  };
  return { kind: 'status', key: NODE, value, revision: 50 };
}
