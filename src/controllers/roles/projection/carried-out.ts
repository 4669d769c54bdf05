import { writeProgress } from '../../../machines/operation-progress.ts';
import type { Assignment } from '../../../state/assignment.ts';
import { type Departure, hasDeparted, isDeparture } from '../../../state/departure.ts';
import type { Entry } from '../../../state/kinds.ts';
import type { Operation } from '../../../state/operation.ts';
import type { Status } from '../../../state/status.ts';
import type { Observed } from '../decide.ts';

/** What living nodes were asked for and are not done with. */
export function underWay(observed: Observed): readonly Assignment[] {
  const { assignments, statuses, departures, deadForMs } = observed;
  return assignments.flatMap(({ key, value }) => {
    const status = statuses.find((each) => each.key === key)?.value;
    const departure = departures.find((each) => each.key === key)?.value;
    const isDone =
      status?.operationId === value.operationId &&
      (!isDeparture(value.task) || hasDeparted(value, departure));
    return isDone || deadForMs.has(key) ? [] : [value];
  });
}

/** The log once a node has done what an assignment asks of it. */
export function carriedOut(before: Observed, assignment: Assignment): Observed {
  const { nodeId, operationId } = assignment;
  const revision = 1 + newest(before);
  const write = <V>(key: string, value: V) => ({ key, value, revision });
  const others = <E extends { readonly key: string }>(
    entries: readonly E[],
    key: string = nodeId,
  ) => entries.filter((each) => each.key !== key);
  const { assignments, statuses, operations, departures } = before;
  return {
    ...before,
    assignments: [
      ...others(assignments),
      { kind: 'assignment', ...write(nodeId, assignment) } satisfies Entry<'assignment'>,
    ],
    statuses: [
      ...others(statuses),
      { kind: 'status', ...write(nodeId, statusAfter(assignment)) } satisfies Entry<'status'>,
    ],
    operations: [
      ...others(operations, operationId),
      {
        kind: 'operation',
        ...write(operationId, succeeded(assignment)),
      } satisfies Entry<'operation'>,
    ],
    departures: isDeparture(assignment.task)
      ? [
          ...others(departures),
          {
            kind: 'departure',
            ...write(nodeId, departed(assignment)),
          } satisfies Entry<'departure'>,
        ]
      : departures,
  };
}

function newest({ nodes, assignments, statuses, operations, leadership }: Observed): number {
  const entries = [...nodes, ...assignments, ...statuses, ...operations];
  return Math.max(leadership?.revision ?? 0, ...entries.map(({ revision }) => revision));
}

function statusAfter(assignment: Assignment): Status {
  const { nodeId, incarnation, role, operationId, kubernetesVersion, kubeletVersion } = assignment;
  const serves = role !== 'spare';
  const isControlPlane = role === 'control-plane';
  return {
    nodeId,
    incarnation,
    phase: serves ? 'serving' : 'spare',
    role,
    operationId,
    waiting: null,
    kubernetes: {
      nodeReady: serves,
      kubeletVersion: serves ? (kubeletVersion ?? kubernetesVersion) : null,
      podCidr: null,
      apiServerReady: isControlPlane,
      etcdMember: isControlPlane ? 'voter' : 'none',
    },
  };
}

function succeeded({ operationId, nodeId, incarnation, term, task }: Assignment): Operation {
  const snapshot = writeProgress({
    state: 'succeeded',
    failures: 0,
    outcome: 'succeeded',
    reason: null,
  });
  return { operationId, nodeId, incarnation, term, task, snapshot };
}

function departed({ nodeId, incarnation, operationId, sponsor }: Assignment): Departure {
  const by = sponsor ?? nodeId;
  return { nodeId, incarnation, operationId, by, state: 'done', waiting: null };
}
