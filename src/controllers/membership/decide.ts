import type { LeaseView } from '../../ports/leases.ts';
import type { Requeue } from '../../runtime/controller.ts';
import type { Entry } from '../../state/kinds.ts';
import { type LeaseVerdict, leaseVerdict } from '../../state/lease-verdict.ts';
import type { Liveness } from '../../state/liveness.ts';
import type { Node } from '../../state/node.ts';
import type { NodeId } from '../../state/node-id.ts';

/** Leases age without any change of the log, so nothing else asks for the next look. */
const LOOK_AGAIN: Requeue = { type: 'requeue', afterMs: 2_000 };

export interface Observed {
  readonly self: NodeId;
  /** Undefined when this agent does not lead. */
  readonly term: number | undefined;
  /** For how long this leader has listened to a log that worked. */
  readonly watchedMs: number;
  readonly nodes: readonly Node[];
  readonly leases: readonly LeaseView[];
  /** The verdicts that stand. */
  readonly livenesses: readonly Entry<'liveness'>[];
}

export interface Action {
  readonly type: 'judge';
  readonly term: number;
  readonly liveness: Liveness;
  readonly ifRevision: number;
}

/** What there is to go by about one node. */
interface SignsOfLife {
  readonly isSelf: boolean;
  /** Undefined when the lease of this incarnation was never seen. */
  readonly leaseAgeMs: number | undefined;
  readonly watchedMs: number;
}

export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { term } = observed;
  if (term === undefined) return [];
  return [...observed.nodes.flatMap((node) => judge(node, term, observed)), LOOK_AGAIN];
}

function judge(node: Node, term: number, observed: Observed): readonly Action[] {
  const { nodeId, incarnation } = node;
  const signs = signsOfLife(node, observed);
  const verdict = verdictOf(signs);
  const standing = observed.livenesses.find(({ key }) => key === nodeId);
  const stands = standing?.value.incarnation === incarnation && standing.value.verdict === verdict;
  if (verdict === 'unknown' || stands) return [];

  const liveness: Liveness = { nodeId, incarnation, verdict, evidence: describe(signs) };
  return [{ type: 'judge', term, liveness, ifRevision: standing?.revision ?? 0 }];
}

function signsOfLife({ nodeId, incarnation }: Node, observed: Observed): SignsOfLife {
  const { self, watchedMs, leases } = observed;
  const lease = leases.find((view) => view.nodeId === nodeId && view.incarnation === incarnation);
  return { isSelf: nodeId === self, leaseAgeMs: lease?.ageMs, watchedMs };
}

function verdictOf({ isSelf, leaseAgeMs, watchedMs }: SignsOfLife): LeaseVerdict {
  return isSelf ? 'alive' : leaseVerdict(leaseAgeMs, watchedMs);
}

function describe({ isSelf, leaseAgeMs, watchedMs }: SignsOfLife): string {
  if (isSelf) return 'it holds the leader lease';
  if (leaseAgeMs === undefined) {
    return `no lease was seen in the ${seconds(watchedMs)} s that the leader has watched`;
  }
  return `its lease was last renewed ${seconds(leaseAgeMs)} s ago`;
}

function seconds(durationMs: number): number {
  return Math.floor(durationMs / 1_000);
}
