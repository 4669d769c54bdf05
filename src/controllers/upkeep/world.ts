import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { Entry } from '../../state/kinds.ts';
import type { NodeId } from '../../state/node-id.ts';
import { isLost, type Roster, rosterOf } from '../../state/roster.ts';
import { countingAssignments } from './counting-assignments.ts';
import type { Observed } from './observed.ts';
import { type UpkeptNode, upkeptNodes } from './upkept-nodes.ts';

/** What one decision goes by. */
export interface World {
  readonly term: number;
  readonly spec: ClusterSpec;
  readonly specRevision: number;
  /** With assignments that count only. */
  readonly observed: Observed;
  readonly roster: Roster;
  /** Those with a place in Kubernetes, by host name. */
  readonly nodes: readonly UpkeptNode[];
}

export function worldOf(term: number, spec: Entry<'spec'>, observed: Observed): World {
  const assignments = countingAssignments(observed);
  const counted = { ...observed, assignments };
  let roster: Roster | undefined;
  return {
    term,
    spec: spec.value,
    specRevision: spec.revision,
    observed: counted,
    // A cluster that is left alone needs none.
    get roster() {
      roster ??= rosterOf(counted, spec.value.zones);
      return roster;
    },
    nodes: upkeptNodes(counted),
  };
}

export function nodeOf({ nodes }: World, nodeId: NodeId): UpkeptNode | undefined {
  return nodes.find((each) => each.nodeId === nodeId);
}

/**
 * Whether nothing more is expected of a node: it has no place any more, or is dead for as long as it
 * may come back (`replacement.graceSeconds`).
 */
export function isGone({ spec, observed, ...world }: World, nodeId: NodeId): boolean {
  const node = world.nodes.find((each) => each.nodeId === nodeId);
  if (!node) return true;
  const deadForMs = observed.deadForMs.get(nodeId) ?? 0;
  return isLost(node.facts) && deadForMs >= spec.replacement.graceSeconds * 1_000;
}

/** What changes who is in the cluster, or ends a part of a control plane, and is under way: half a sentence. */
export function otherChange({ facts, joins, departing }: Roster): string | undefined {
  const [leaver] = departing;
  if (leaver) return `${nameOf(facts, leaver.value.nodeId)} still leaves its place`;
  const joiner = joins.find(({ value: { nodeId } }) => {
    const node = facts.get(nodeId);
    return !isLost(node) && node?.status?.phase !== 'failed';
  });
  if (joiner) return `${nameOf(facts, joiner.value.nodeId)} still joins`;
  const mended = [...facts.values()].find((each) => each.mends && !isLost(each));
  return mended && `${mended.node.hostname} puts a part of its control plane back`;
}

function nameOf(facts: Roster['facts'], nodeId: NodeId): string {
  return facts.get(nodeId)?.node.hostname ?? nodeId;
}
