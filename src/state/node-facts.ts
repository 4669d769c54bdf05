import { hasDeparted } from './departure.ts';
import type { Entry } from './kinds.ts';
import type { Liveness } from './liveness.ts';
import type { Node } from './node.ts';
import type { NodeId } from './node-id.ts';
import type { Status } from './status.ts';

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
  /** People asked this incarnation to give its place up. */
  readonly leaving: boolean;
}

export interface LogEntries {
  readonly nodes: readonly Entry<'node'>[];
  readonly livenesses: readonly Entry<'liveness'>[];
  readonly statuses: readonly Entry<'status'>[];
  readonly assignments: readonly Entry<'assignment'>[];
  readonly departures: readonly Entry<'departure'>[];
  readonly requests: readonly Entry<'request'>[];
}

/** The facts of all enrolled nodes, by node id. What was said of an earlier incarnation is left out. */
export function nodeFacts(entries: LogEntries): ReadonlyMap<NodeId, NodeFacts> {
  const livenesses = byNode(entries.livenesses);
  const statuses = byNode(entries.statuses);
  const assignments = byNode(entries.assignments);
  const departures = byNode(entries.departures);
  const requests = byNode(entries.requests);

  return new Map(
    entries.nodes.map(({ value: node, revision }) => {
      const { nodeId } = node;
      const liveness = ofIncarnation(livenesses.get(nodeId)?.value, node);
      const status = ofIncarnation(statuses.get(nodeId)?.value, node);
      const assignment = assignments.get(nodeId);
      const departed = hasDeparted(assignment?.value, departures.get(nodeId)?.value);
      const leaving = ofIncarnation(requests.get(nodeId)?.value, node) !== undefined;
      return [nodeId, { node, revision, liveness, status, assignment, departed, leaving }];
    }),
  );
}

function byNode<E extends { readonly value: { readonly nodeId: NodeId } }>(
  entries: readonly E[],
): ReadonlyMap<NodeId, E> {
  return new Map(entries.map((entry) => [entry.value.nodeId, entry]));
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
