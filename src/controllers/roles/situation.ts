import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { Guard, Reasons } from '../../state/decision-event.ts';
import { ETCD_NOT_HEALTHY } from '../../state/departure.ts';
import type { Entry } from '../../state/kinds.ts';
import type { NodeFacts } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import { isDisruptive } from '../../state/order.ts';
import { isLost, type Roster } from '../../state/roster.ts';
import type { WaitReason } from '../../state/status.ts';

/** What a departure is judged by. */
export interface Situation {
  readonly roster: Roster;
  readonly wanted: Pick<ClusterSpec, 'controlPlanes' | 'size' | 'replacement'>;
  /** For how long this leader has seen each of them dead. */
  readonly deadForMs: ReadonlyMap<NodeId, number>;
  /** Revisions of the verdicts that stand. */
  readonly judgedAt: ReadonlyMap<NodeId, number>;
  /** Nodes whose agents were not heard for long. */
  readonly mute: ReadonlySet<NodeId>;
  /** Old nodes whose machine came back under another id: they are gone for good. */
  readonly wiped: ReadonlyMap<NodeId, NodeId>;
  /** Who was to become a control plane under its pods, and why that failed. */
  readonly failedPromotions: ReadonlyMap<NodeId, string>;
  /** Who leaves Kubernetes, or left it, since it failed. */
  readonly fallingBack: ReadonlySet<NodeId>;
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
  /** What people are told of it once it is planned. */
  readonly reasons: Reasons;
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

/** What the cluster has under way, `besides` left out, that changes the members of etcd, or takes one out of service. */
export function memberChange(
  roster: Roster,
  besides: readonly Entry<'assignment'>[] = [],
): string | undefined {
  const leaver = roster.departing.find(
    (entry) => !besides.includes(entry) && mayBeMember(roster.facts.get(entry.value.nodeId)),
  );
  if (leaver) return `${nameOf(roster, leaver.value.nodeId)} still leaves the control plane`;
  const joiner = roster.joins.find((entry) => {
    const { role, nodeId } = entry.value;
    return (
      role === 'control-plane' && !besides.includes(entry) && !isLost(roster.facts.get(nodeId))
    );
  });
  if (joiner) return `${nameOf(roster, joiner.value.nodeId)} still becomes a control plane`;
  return outOfService(roster.controlPlanes.flatMap(({ nodeId }) => roster.facts.get(nodeId) ?? []));
}

/** Who is on its way out of a place: of these one at a time is emptied (S6). */
export function stillLeaves(roster: Roster): string | undefined {
  const [leaver] = roster.departing;
  return leaver && `${nameOf(roster, leaver.value.nodeId)} still leaves its place`;
}

/** Which of these nodes serves less than it should, as it is upgraded, drained or the like. */
export function outOfService(nodes: Iterable<NodeFacts>): string | undefined {
  const living = [...nodes].filter((facts) => !isLost(facts));
  const busy = living.find(({ order }) => order && isDisruptive(order));
  if (busy) return `${busy.node.hostname} is not done with its order to ${busy.order?.task}`;
  const mended = living.find(({ mends }) => mends);
  return mended && `${mended.node.hostname} puts a part of its control plane back`;
}

/**
 * The living control plane whose departure has come to nothing yet, as etcd can not spare its vote
 * while another one is lost: the lost one goes first, seen off by the same control plane, which takes
 * one member out at a time.
 */
export function stalledDepartures({ departing, facts }: Roster): readonly Entry<'assignment'>[] {
  return departing.filter(({ value: { nodeId } }) => {
    const node = facts.get(nodeId);
    return node && !isLost(node) && node.departureWaits === ETCD_NOT_HEALTHY;
  });
}

/** The guard that goes by it; `change` names what else is under way. */
export function oneChange(change: string | undefined): Guard {
  const message = change ?? 'no other change of the control plane is under way';
  return { name: 'one-change', passed: change === undefined, message };
}

/** Unless it never began to be one: a member may have come about that it had no time to tell of. */
function mayBeMember(facts: NodeFacts | undefined): boolean {
  return facts?.status?.kubernetes.etcdMember !== 'none' || facts.beganControlPlane === true;
}

function nameOf({ facts }: Roster, nodeId: NodeId): string {
  return facts.get(nodeId)?.node.hostname ?? nodeId;
}
