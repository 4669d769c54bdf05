import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { Guard, Reasons } from '../../state/decision-event.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Voter } from '../../state/projected-quorum.ts';
import { isLost, type Roster } from '../../state/roster.ts';
import type { WaitReason } from '../../state/status.ts';

/** What a departure is judged by. */
export interface Situation {
  readonly roster: Roster;
  readonly wanted: Pick<ClusterSpec, 'controlPlanes' | 'size' | 'replacement'>;
  /** For how long this leader has seen each of them dead. */
  readonly deadForMs: ReadonlyMap<NodeId, number>;
  /** Nodes whose agents were not heard for long. */
  readonly mute: ReadonlySet<NodeId>;
  /** Old nodes whose machine came back under another id: they are gone for good. */
  readonly wiped: ReadonlyMap<NodeId, NodeId>;
  /** Plans that people allowed. */
  readonly approved: ReadonlySet<string>;
}

/** A node that gives its place up. */
export interface Leaver {
  readonly facts: NodeFacts;
  readonly task: 'retire' | 'demote';
  readonly reasons: Reasons;
}

/** Something that would be done if people allowed it. */
export interface Proposal {
  readonly planId: string;
  readonly facts: NodeFacts;
  readonly candidate: NodeId | null;
  readonly summary: string;
}

/** What follows from one question about who has to go. */
export type Answer =
  | { readonly type: 'go'; readonly leaver: Leaver }
  | {
      readonly type: 'wait';
      readonly wait: WaitReason;
      /** When there may be another answer although nothing was written. */
      readonly afterMs?: number;
      readonly proposal?: Proposal;
    };

/** The first guard that does not let it pass. */
export function failed(guards: readonly Guard[]): Guard | undefined {
  return guards.find(({ passed }) => !passed);
}

/** Control planes that are neither lost nor asked to leave. */
export function stayingControlPlanes({ controlPlanes, facts }: Roster): number {
  return controlPlanes.filter(({ nodeId }) => {
    const node = facts.get(nodeId);
    return !isLost(node) && !node?.leaving;
  }).length;
}

/** The voters of etcd as the control planes last reported them; healthy are those that are whole. */
export function votersOf({ controlPlanes, sponsors, facts }: Roster): readonly Voter[] {
  return controlPlanes.flatMap(({ nodeId }) => {
    const node = facts.get(nodeId);
    if (node?.status?.kubernetes.etcdMember !== 'voter') return [];
    return [{ name: node.node.hostname, healthy: sponsors.includes(nodeId) }];
  });
}

/** What the cluster has under way that changes the members of etcd. */
export function memberChange(roster: Roster): string | undefined {
  const leaver = roster.departing.find(({ value }) => mayBeMember(roster.facts.get(value.nodeId)));
  if (leaver) return `${nameOf(roster, leaver.value.nodeId)} still leaves the control plane`;
  const joiner = roster.joins.find(({ value }) => {
    return value.role === 'control-plane' && !isLost(roster.facts.get(value.nodeId));
  });
  return joiner && `${nameOf(roster, joiner.value.nodeId)} still becomes a control plane`;
}

/** The guard that goes by it; `change` names what else is under way. */
export function oneChange(change: string | undefined): Guard {
  const message = change ?? 'no other change of the control plane is under way';
  return { name: 'one-change', passed: change === undefined, message };
}

/** Unless it said of itself that it is none. */
function mayBeMember(facts: NodeFacts | undefined): boolean {
  return facts?.status?.kubernetes.etcdMember !== 'none';
}

function nameOf({ facts }: Roster, nodeId: NodeId): string {
  return facts.get(nodeId)?.node.hostname ?? nodeId;
}
