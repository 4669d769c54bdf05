import type { Assignment, Task } from './assignment.ts';
import { type Departure, hasDeparted } from './departure.ts';
import { disturbsControlPlane } from './drift.ts';
import type { Entry } from './kinds.ts';
import type { Liveness } from './liveness.ts';
import type { Node } from './node.ts';
import type { NodeId } from './node-id.ts';
import type { Order } from './order.ts';
import type { ReadableLog } from './readable-log.ts';
import type { Status } from './status.ts';
import { type StandBy, standByOf } from './upkeep.ts';

/** Everything the log says of one enrolled node. */
export interface NodeFacts {
  readonly node: Node;
  /** Of the enrolment: who enrolled first has the lower one. */
  readonly revision: number;
  /** Undefined until this incarnation was judged. */
  readonly liveness: Liveness | undefined;
  /** Undefined until this incarnation reported. */
  readonly status: Status | undefined;
  /** As it stands, also when it was given to an earlier incarnation. */
  readonly assignment: Entry<'assignment'> | undefined;
  /** The cluster has nothing of it any more that the assignment to `demote` or `retire` takes away. */
  readonly departed: boolean;
  /** Why the cluster does not let go of it, as the sponsor says; absent: it does, or nobody asked. */
  readonly departureWaits?: string;
  /** People asked this incarnation to give its place up. */
  readonly leaving: boolean;
  /** They took that back since. */
  readonly askedToStay?: true;
  /** What this incarnation is asked for beside its role; absent: nothing. */
  readonly order?: Order;
  /** It puts a part of its control plane back that was changed by hand. */
  readonly mends?: true;
  /** How ready it is for a role, while it stands by; absent: it does not, or has not told yet. */
  readonly standBy?: StandBy;
  /** It began to become a control plane once, so etcd may have a member there that nobody told of. */
  readonly beganControlPlane?: true;
}

export interface LogEntries {
  readonly nodes: readonly Entry<'node'>[];
  readonly livenesses: readonly Entry<'liveness'>[];
  readonly statuses: readonly Entry<'status'>[];
  readonly assignments: readonly Entry<'assignment'>[];
  readonly departures: readonly Entry<'departure'>[];
  readonly requests: readonly Entry<'request'>[];
  /** Absent where nobody asks for what they tell. */
  readonly orders?: readonly Entry<'order'>[];
  readonly operations?: readonly Entry<'operation'>[];
  readonly drifts?: readonly Entry<'drift'>[];
  readonly upkeeps?: readonly Entry<'upkeep'>[];
}

/** All of them, as a copy of the log has them. */
export function logEntries(log: Pick<ReadableLog, 'list'>): Required<LogEntries> {
  return {
    nodes: log.list('node'),
    livenesses: log.list('liveness'),
    statuses: log.list('status'),
    assignments: log.list('assignment'),
    departures: log.list('departure'),
    requests: log.list('request'),
    orders: log.list('order'),
    operations: log.list('operation'),
    drifts: log.list('drift'),
    upkeeps: log.list('upkeep'),
  };
}

/** The facts of all enrolled nodes, by node id. What was said of an earlier incarnation is left out. */
export function nodeFacts(entries: LogEntries): ReadonlyMap<NodeId, NodeFacts> {
  const livenesses = byNode(entries.livenesses);
  const statuses = byNode(entries.statuses);
  const assignments = byNode(entries.assignments);
  const departures = byNode(entries.departures);
  const requests = byNode(entries.requests);
  const orders = byNode(entries.orders ?? []);
  const drifts = byNode(entries.drifts ?? []);
  const upkeeps = byNode(entries.upkeeps ?? []);
  const began = controlPlaneBeginners(entries.operations ?? []);

  return new Map(
    entries.nodes.map(({ value: node, revision }) => {
      const { nodeId } = node;
      const liveness = ofIncarnation(livenesses.get(nodeId)?.value, node);
      const status = ofIncarnation(statuses.get(nodeId)?.value, node);
      const assignment = assignments.get(nodeId);
      const departed = hasDeparted(assignment?.value, departures.get(nodeId)?.value);
      const request = ofIncarnation(requests.get(nodeId)?.value, node)?.type;
      const leaving = request === 'leave';
      const departureWaits = waitOf(assignment?.value, departures.get(nodeId)?.value);
      const order = ofIncarnation(orders.get(nodeId)?.value, node);
      const drift = ofIncarnation(drifts.get(nodeId)?.value, node);
      const mends = drift !== undefined && disturbsControlPlane(drift) ? true : undefined;
      const upkeep = ofIncarnation(upkeeps.get(nodeId)?.value, node);
      const standBy = standByOf(assignment?.value, upkeep);
      const facts = { node, revision, liveness, status, assignment, departed, leaving };
      return [
        nodeId,
        {
          ...facts,
          ...(request === 'stay' && { askedToStay: true as const }),
          ...(order && { order }),
          ...(mends && { mends }),
          ...(standBy && { standBy }),
          ...(departureWaits && { departureWaits }),
          ...(began.has(nodeId) && { beganControlPlane: true }),
        },
      ];
    }),
  );
}

function controlPlaneBeginners(operations: readonly Entry<'operation'>[]): ReadonlySet<NodeId> {
  const tasks: readonly Task[] = ['init', 'join-control-plane', 'promote'];
  const begun = operations.filter(({ value }) => tasks.includes(value.task));
  return new Set(begun.map(({ value }) => value.nodeId));
}

function waitOf(
  assignment: Assignment | undefined,
  departure: Departure | undefined,
): string | undefined {
  if (departure === undefined || departure.operationId !== assignment?.operationId)
    return undefined;
  return departure.waiting?.reason;
}

function byNode<E extends { readonly value: { readonly nodeId: NodeId } }>(
  entries: readonly E[],
): ReadonlyMap<NodeId, E> {
  const found = new Map<NodeId, E>();
  for (const entry of entries) found.set(entry.value.nodeId, entry);
  return found;
}

function ofIncarnation<T extends { readonly incarnation: number }>(
  value: T | undefined,
  { incarnation }: Node,
): T | undefined {
  return value?.incarnation === incarnation ? value : undefined;
}

export function isAlive({ liveness }: NodeFacts): boolean {
  return liveness?.verdict === 'alive';
}

/** `dead (its lease …)`, for people. */
export function describeLiveness({ liveness }: NodeFacts): string {
  if (liveness === undefined) return 'not judged yet';
  return `${liveness.verdict} (${liveness.evidence})`;
}
