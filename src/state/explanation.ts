import type { DecisionEvent } from './decision-event.ts';
import { type ExplainedWait, explainedWaits } from './explained-waits.ts';
import { hasLeft } from './has-left.ts';
import type { KnownLog } from './known-log.ts';
import type { Node } from './node.ts';
import { describeLiveness, type NodeFacts } from './node-facts.ts';
import { rosterOf } from './roster.ts';

/** How many of the last decisions about a node are told. */
const LAST_DECISIONS = 5;

export interface Explanation {
  readonly node: Pick<Node, 'nodeId' | 'hostname' | 'zone' | 'incarnation' | 'addresses'>;
  readonly role: string | null;
  readonly phase: string | null;
  /** `alive (…)`, with the evidence. */
  readonly liveness: string;
  /** Why it has this role, or none. */
  readonly because: string;
  readonly waits: readonly ExplainedWait[];
  /** Newest last. */
  readonly decisions: readonly DecisionEvent[];
  /** Newest entry of the log that this was read from. */
  readonly revision: number;
}

/** What a node is, and why, from the log alone. */
export function explain(node: Node, log: KnownLog): Explanation {
  const roster = rosterOf(log, log.spec[0]?.value.zones ?? []);
  const facts = roster.facts.get(node.nodeId);
  const left = facts !== undefined && hasLeft(facts);
  const { nodeId, hostname, zone, incarnation, addresses } = node;
  const about = log.events
    .filter(({ value }) => value.nodeId === nodeId)
    .toSorted((left, right) => left.revision - right.revision)
    .map(({ value }) => value);
  return {
    node: { nodeId, hostname, zone, incarnation, addresses },
    role: left ? null : (facts?.assignment?.value.role ?? null),
    phase: left ? 'left' : (facts?.status?.phase ?? null),
    liveness: facts ? describeLiveness(facts) : 'not judged yet',
    because: because(facts, about),
    waits: explainedWaits(node, log, roster),
    decisions: about.slice(-LAST_DECISIONS),
    revision: log.revision,
  };
}

function because(facts: NodeFacts | undefined, about: readonly DecisionEvent[]): string {
  const given = facts?.assignment?.value;
  if (given === undefined) return 'nobody gave it a role yet';
  // What followed from that decision, such as another sponsor, has its operation, too.
  const decision = about.find(({ operationId }) => operationId === given.operationId);
  if (decision) return decision.summary;
  const sponsor = given.sponsor === null ? '' : `, seen to by ${given.sponsor}`;
  return `the leader of term ${given.term} asked it to ${given.task} (${given.operationId}${sponsor})`;
}
