import type { DecisionEvent } from './decision-event.ts';
import type { KnownLog } from './known-log.ts';
import type { Node } from './node.ts';
import { describeLiveness, type NodeFacts } from './node-facts.ts';
import { rosterOf } from './roster.ts';
import type { Wait } from './status.ts';

/** How many of the last decisions about a node are told. */
const LAST_DECISIONS = 5;
/** Something that a node waits for. The sentence says what would end it. */
interface ExplainedWait {
  readonly by: 'node' | 'sponsor' | 'leader';
  readonly message: string;
  /** Null where nobody dated it. */
  readonly sinceWallMs: number | null;
}

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
  const { nodeId, hostname, zone, incarnation, addresses } = node;
  const about = log.events
    .map(({ value }) => value)
    .filter((event) => event.nodeId === nodeId)
    .toSorted((left, right) => (left.eventId < right.eventId ? -1 : 1));
  const obstacle = roster.obstacles.get(nodeId);
  const isKept = obstacle !== undefined && obstacle.reason !== 'has-role';
  return {
    node: { nodeId, hostname, zone, incarnation, addresses },
    role: facts?.assignment?.value.role ?? null,
    phase: facts?.status?.phase ?? null,
    liveness: facts ? describeLiveness(facts) : 'not judged yet',
    because: because(facts, about),
    waits: [
      ...waitsOf(nodeId, log, facts),
      ...(isKept ? [leaderWait(`${hostname} ${obstacle.message}`)] : []),
    ],
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

function waitsOf(
  nodeId: string,
  { departures }: KnownLog,
  facts: NodeFacts | undefined,
): readonly ExplainedWait[] {
  const departure = departures.find(({ key }) => key === nodeId)?.value;
  const isCurrent = departure?.operationId === facts?.assignment?.value.operationId;
  return [
    ...datedWait('node', facts?.status?.waiting ?? null),
    ...datedWait('sponsor', (isCurrent && departure?.waiting) || null),
  ];
}

function datedWait(by: 'node' | 'sponsor', wait: Wait | null): readonly ExplainedWait[] {
  return wait === null ? [] : [{ by, message: wait.message, sinceWallMs: wait.sinceWallMs }];
}

function leaderWait(message: string): ExplainedWait {
  return { by: 'leader', message, sinceWallMs: null };
}
