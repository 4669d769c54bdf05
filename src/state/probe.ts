import { z } from 'zod';
import { type NodeId, nodeIdSchema } from './node-id.ts';

/** How many nodes one observer tells of. */
export const MAX_PROBES = 32;

/**
 * What an observer finds when it asks one incarnation of a node directly. `silent`: nobody answers
 * there; `kubelet-beats`: the same, but the machine is not dead, as its kubelet renews its lease; `replaced`:
 * another node answers in its place, so the machine was wiped or its address given away.
 */
const probeSchema = z.strictObject({
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  finding: z.enum(['reached', 'silent', 'kubelet-beats', 'replaced']),
});

export const probesSchema = z.array(probeSchema).max(MAX_PROBES);

export type Probe = z.infer<typeof probeSchema>;

/** All that one observer found when it was last heard. */
export interface ProbeReport {
  readonly observer: NodeId;
  readonly probes: readonly Probe[];
}

/** Who found what about one incarnation of a node, in the order of the reports. */
export interface Findings {
  readonly reachedBy: readonly NodeId[];
  /** Also those who see its kubelet. */
  readonly silentTo: readonly NodeId[];
  readonly kubeletSeenBy: readonly NodeId[];
  readonly replacedFor: readonly NodeId[];
}

/** What all observers but the node itself say of it. */
export function findingsOn(
  node: Pick<Probe, 'nodeId' | 'incarnation'>,
  reports: readonly ProbeReport[],
): Findings {
  const found = reports.flatMap(({ observer, probes }) => {
    const probe = probes.find((each) => isOf(each, node));
    return probe && observer !== node.nodeId ? [{ observer, finding: probe.finding }] : [];
  });
  const observersWho = (...findings: readonly Probe['finding'][]): readonly NodeId[] =>
    found.filter(({ finding }) => findings.includes(finding)).map(({ observer }) => observer);
  return {
    reachedBy: observersWho('reached'),
    silentTo: observersWho('silent', 'kubelet-beats'),
    kubeletSeenBy: observersWho('kubelet-beats'),
    replacedFor: observersWho('replaced'),
  };
}

/** Those that `self` does not reach, or two other observers do not. */
export function missedNodes(reports: readonly ProbeReport[], self: NodeId): ReadonlySet<NodeId> {
  const missedBy = new Map<NodeId, readonly NodeId[]>();
  for (const { observer, probes } of reports) {
    for (const { nodeId, finding } of probes) {
      if (finding === 'reached' || nodeId === self) continue;
      missedBy.set(nodeId, [...(missedBy.get(nodeId) ?? []), observer]);
    }
  }
  const isMissed = (by: readonly NodeId[]) => by.includes(self) || by.length >= 2;
  return new Set([...missedBy].filter(([, by]) => isMissed(by)).map(([nodeId]) => nodeId));
}

function isOf(probe: Probe, node: Pick<Probe, 'nodeId' | 'incarnation'>): boolean {
  return probe.nodeId === node.nodeId && probe.incarnation === node.incarnation;
}
