import type { LeaseView } from '../../ports/leases.ts';
import type { Distrust } from '../../state/comebacks.ts';
import type { Entry } from '../../state/kinds.ts';
import { type LeaseVerdict, leaseVerdict } from '../../state/lease-verdict.ts';
import type { Liveness } from '../../state/liveness.ts';
import type { Node } from '../../state/node.ts';
import type { NodeId } from '../../state/node-id.ts';
import { nodeVerdict, type Signs } from '../../state/node-verdict.ts';
import { findingsOn, type ProbeReport } from '../../state/probe.ts';
import type { Requeue } from '../../state/requeue.ts';
import { verdictEvidence } from '../../state/verdict-evidence.ts';

/** Leases age without any change of the log, so nothing else asks for the next look. */
const LOOK_MS = 2_000;
/** While all live and nobody misses anybody. Whom agents miss, they show by themselves, without a verdict. */
const CALM_LOOK_MS = 5_000;

export interface Observed {
  readonly self: NodeId;
  /** Undefined when this agent does not lead. */
  readonly term: number | undefined;
  /** For how long this leader has listened to a log that worked. */
  readonly watchedMs: number;
  /** For how long it has known each of these lives: silence before that is none. */
  readonly knownForMs: ReadonlyMap<NodeId, number>;
  readonly nodes: readonly Node[];
  readonly leases: readonly LeaseView[];
  /** What all agents find who ask each other directly. */
  readonly reports: readonly ProbeReport[];
  /** Nodes that came back too often. */
  readonly distrusted: ReadonlyMap<NodeId, Distrust>;
  /** The verdicts that stand. */
  readonly livenesses: readonly Entry<'liveness'>[];
}

export interface Action {
  readonly type: 'judge';
  readonly term: number;
  readonly liveness: Liveness;
  readonly ifRevision: number;
}

export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { self, term, nodes } = observed;
  if (term === undefined) return [];
  const enrolled = new Set([self, ...nodes.map(({ nodeId }) => nodeId)]);
  const reports = observed.reports.filter(({ observer }) => enrolled.has(observer));
  const judgements = nodes.map((node) => judge(node, { ...observed, reports }));
  const afterMs = judgements.every(isCalm) ? CALM_LOOK_MS : LOOK_MS;
  return [
    ...judgements.flatMap((judgement) => news(judgement, term, nodes)),
    { type: 'requeue', afterMs },
  ];
}

interface Judgement {
  readonly node: Node;
  readonly entry: Entry<'liveness'> | undefined;
  readonly signs: Signs;
  readonly verdict: LeaseVerdict;
}

function judge(node: Node, observed: Observed): Judgement {
  const { nodeId, incarnation } = node;
  const entry = observed.livenesses.find(({ key }) => key === nodeId);
  const standing = entry?.value.incarnation === incarnation ? entry.value.verdict : undefined;
  const signs = signsOf(node, standing, observed);
  return { node, entry, signs, verdict: nodeVerdict(signs) };
}

function isCalm({ signs, verdict }: Judgement): boolean {
  const { silentTo, replacedFor } = signs.findings;
  const isMissed = silentTo.length + replacedFor.length > 0;
  return verdict === 'alive' && signs.standing === 'alive' && !isMissed;
}

function news(
  { node, entry, signs, verdict }: Judgement,
  term: number,
  nodes: readonly Node[],
): readonly Action[] {
  if (verdict === 'unknown' || verdict === signs.standing) return [];
  const { nodeId, incarnation } = node;
  const evidence = verdictEvidence(signs, (observer) => nameOf(observer, nodes));
  const liveness: Liveness = { nodeId, incarnation, verdict, evidence };
  return [{ type: 'judge', term, liveness, ifRevision: entry?.revision ?? 0 }];
}

function signsOf(node: Node, standing: Signs['standing'], observed: Observed): Signs {
  const { self, distrusted, reports } = observed;
  return {
    isSelf: node.nodeId === self,
    leaseAgeMs: leaseAgeMs(node, observed),
    watchedMs: watchedMs(node, observed),
    findings: findingsOn(node, reports),
    possibleObservers: possibleObservers(node, observed),
    standing,
    distrust: distrusted.get(node.nodeId),
  };
}

/** How many others may live; a node of which little was heard yet counts, so that nothing is judged too early. */
function possibleObservers({ nodeId }: Node, observed: Observed): number {
  const { self, nodes } = observed;
  const others = nodes.filter((other) => {
    if (other.nodeId === nodeId || other.nodeId === self) return false;
    return leaseVerdict(leaseAgeMs(other, observed), watchedMs(other, observed)) !== 'dead';
  });
  return others.length + (nodeId === self ? 0 : 1);
}

/** For how long the leader could have heard this life of a node. */
function watchedMs({ nodeId }: Node, observed: Observed): number {
  return Math.min(observed.watchedMs, observed.knownForMs.get(nodeId) ?? 0);
}

function leaseAgeMs({ nodeId, incarnation }: Node, { leases }: Observed): number | undefined {
  return leases.find((view) => view.nodeId === nodeId && view.incarnation === incarnation)?.ageMs;
}

function nameOf(nodeId: NodeId, nodes: readonly Node[]): string {
  return nodes.find((node) => node.nodeId === nodeId)?.hostname ?? nodeId;
}
