import type { LeaseView } from '../ports/leases.ts';
import type { Entry } from '../state/kinds.ts';
import { leaseVerdict } from '../state/lease-verdict.ts';
import type { Liveness } from '../state/liveness.ts';
import type { Node } from '../state/node.ts';
import type { NodeId } from '../state/node-id.ts';
import type { Probe } from '../state/probe.ts';

/** What one agent knows of who lives, beside the verdicts in the log. */
export interface Heard {
  readonly self: { readonly nodeId: NodeId };
  /** Signs of life, which come by way of the log's replicas. */
  readonly leases: readonly LeaseView[];
  /** What it found when it asked others directly. */
  readonly probes: readonly Probe[];
  /** Whom it suspects, by what it and others found. */
  readonly missed: ReadonlySet<NodeId>;
  /** Why the log does not answer; undefined when it does. */
  readonly logProblem: string | undefined;
}

interface LogOfNodes {
  readonly nodes: readonly Entry<'node'>[];
  readonly livenesses: readonly Entry<'liveness'>[];
}

/**
 * Who lives, for people. While the log does not answer, its verdicts are old and nobody can write newer ones: then
 * only whom this agent hears lives.
 */
export function presentLivenesses(log: LogOfNodes, heard: Heard): readonly Entry<'liveness'>[] {
  if (heard.logProblem === undefined) return withoutMissed(log.livenesses, heard.missed);
  return log.nodes.map(({ value }) => present(value, heard));
}

/** The verdicts in the log, but for those who are suspected before anybody judged. */
export function withoutMissed(
  livenesses: readonly Entry<'liveness'>[],
  missed: ReadonlySet<NodeId>,
): readonly Entry<'liveness'>[] {
  return livenesses.map((entry) => {
    const isSuspected = entry.value.verdict === 'alive' && missed.has(entry.key);
    return isSuspected ? { ...entry, value: suspected(entry.value) } : entry;
  });
}

function present(node: Node, heard: Heard): Entry<'liveness'> {
  const { nodeId, incarnation } = node;
  const evidence = 'this agent hears it';
  const alive: Liveness = { nodeId, incarnation, verdict: 'alive', evidence };
  const value = isHeard(node, heard) ? alive : suspected(alive);
  return { kind: 'liveness', key: nodeId, value, revision: 0 };
}

function isHeard({ nodeId, incarnation }: Node, { self, leases, probes, missed }: Heard): boolean {
  if (nodeId === self.nodeId) return true;
  if (missed.has(nodeId)) return false;
  const isIt = (each: Pick<Probe, 'nodeId' | 'incarnation'>) =>
    each.nodeId === nodeId && each.incarnation === incarnation;
  const reached = probes.some((probe) => isIt(probe) && probe.finding === 'reached');
  return reached || leaseVerdict(leases.find(isIt)?.ageMs, 0) === 'alive';
}

function suspected(liveness: Liveness): Liveness {
  return { ...liveness, verdict: 'suspect', evidence: 'this agent does not hear it' };
}
