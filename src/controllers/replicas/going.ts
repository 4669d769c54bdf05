import type { Replica } from '../../state/genesis-record.ts';
import { isAlive, type NodeFacts } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import type { Observed } from './observed.ts';

/** Why a replica has to go, in words that follow the name of its node. */
export interface Going {
  readonly replica: Replica;
  readonly facts: NodeFacts;
  readonly because: string;
  /** It serves as well as any other: it goes only if there is a better place. */
  readonly mayStay: boolean;
}

type Seen = Pick<Observed, 'facts' | 'deadForMs' | 'graceMs' | 'replicas'>;

/** Replicas that have to go, those first that can not stay. */
export function goingReplicas(seen: Seen): readonly Going[] {
  const going = seen.replicas.replicas.flatMap((replica) => {
    const facts = seen.facts.get(replica.nodeId);
    const why = facts && (whyGone(facts, seen) ?? whyBetterElsewhere(replica, facts, seen));
    return facts && why ? [{ replica, facts, ...why }] : [];
  });
  return [...going.filter(({ mayStay }) => !mayStay), ...going.filter(({ mayStay }) => mayStay)];
}

/** Whether a node may be given a replica, as far as it itself is concerned. */
export function mayHost(facts: NodeFacts): boolean {
  const { node, status } = facts;
  const staysOn = isAlive(facts) && !isRetired(facts) && !facts.leaving;
  return staysOn && status?.phase !== 'failed' && node.logPortBase !== undefined;
}

function whyGone(facts: NodeFacts, { deadForMs, graceMs = 0 }: Seen) {
  if (facts.leaving) return { because: 'was asked to leave', mayStay: false };
  if (facts.liveness?.verdict !== 'dead') return undefined;
  const deadMs = deadForMs.get(facts.node.nodeId) ?? 0;
  if (isRetired(facts)) return { because: 'is dead and has no place any more', mayStay: false };
  if (deadMs < graceMs) return undefined;
  return { because: `has been dead for ${Math.floor(deadMs / 1_000)} s`, mayStay: false };
}

function whyBetterElsewhere({ serverName }: Replica, facts: NodeFacts, { replicas }: Seen) {
  if (isRetired(facts)) return { because: 'has no place in Kubernetes any more', mayStay: true };
  const beside = sameNode(facts.node.nodeId, replicas.replicas);
  // The one that came last goes, so that not both do.
  if (beside.at(-1)?.serverName !== serverName || beside.length < 2) return undefined;
  return { because: `holds ${beside.length} replicas of the log`, mayStay: true };
}

function sameNode(nodeId: NodeId, replicas: readonly Replica[]): readonly Replica[] {
  return replicas.filter((each) => each.nodeId === nodeId);
}

function isRetired({ node, assignment }: NodeFacts): boolean {
  const { task, incarnation } = assignment?.value ?? {};
  return task === 'retire' && incarnation === node.incarnation;
}
