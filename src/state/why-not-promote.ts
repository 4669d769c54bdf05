import { isWarm } from './candidate-order.ts';
import { countText } from './count-text.ts';
import type { DecisionEvent } from './decision-event.ts';
import type { KnownLog } from './known-log.ts';
import type { Node } from './node.ts';
import type { NodeFacts } from './node-facts.ts';
import { type OpenPlan, plannedReplacements } from './open-plans.ts';
import { type Roster, rosterOf } from './roster.ts';

/** Decisions of the leader on which one of several nodes becomes a control plane. */
const CHOICES: readonly string[] = [
  'join-control-plane',
  'plan-replacement',
  'promote',
  'rejoin',
  'replace',
];

/** The last time that somebody else was chosen, or nobody. */
interface PassedOver {
  readonly wallMs: number;
  readonly revision: number;
  readonly summary: string;
  /** Follows the host name. */
  readonly reason: string;
}

export interface WhyNot {
  readonly nodeId: string;
  readonly hostname: string;
  readonly passedOver: PassedOver | null;
  /** What stands against it now, a sentence each; empty when it would be next. */
  readonly obstacles: readonly string[];
  /** Its place among those that may be promoted now, from 1; null when it is not among them. */
  readonly place: number | null;
  /** Newest entry of the log that this was judged from. */
  readonly revision: number;
}

/** Why a node is not made a control plane, by the rules that the leader goes by. */
export function whyNotPromote({ nodeId, hostname }: Node, log: KnownLog): WhyNot {
  const spec = log.spec[0]?.value;
  const roster = rosterOf(log, spec?.zones ?? []);
  const place = placeOf(nodeId, roster);
  const plans = plannedReplacements(log).filter(({ approved }) => !approved);
  const open = (spec?.controlPlanes ?? 0) - roster.controlPlanes.length;
  return {
    nodeId,
    hostname,
    passedOver: passedOver(nodeId, log),
    obstacles: obstaclesOf({ nodeId, hostname, place, open, plans }, roster),
    place,
    revision: log.revision,
  };
}

/** Spares and newcomers come before workers, who have something to lose. */
function chosenFirst({ candidates, promotable }: Roster): readonly string[] {
  return [...candidates.order, ...promotable.order].map(({ node }) => node.nodeId);
}

function placeOf(nodeId: string, roster: Roster): number | null {
  const index = chosenFirst(roster).indexOf(nodeId);
  return index === -1 ? null : index + 1;
}

interface Asked extends Pick<Node, 'nodeId' | 'hostname'> {
  readonly place: number | null;
  /** Control planes that are missing. */
  readonly open: number;
  /** Replacements that people have not allowed. */
  readonly plans: readonly OpenPlan[];
}

function obstaclesOf(asked: Asked, roster: Roster): readonly string[] {
  const { nodeId, hostname, place, open, plans } = asked;
  const role = roster.facts.get(nodeId)?.assignment?.value.role;
  if (role === 'control-plane') return [`${hostname} is a control plane already`];
  if (place === null) return [`${hostname} ${rejection(nodeId, roster)}`];
  const waiting = plans.map((plan) => planText(plan, nodeId, roster));
  const full = open > 0 ? [] : [asManyAsWanted(roster)];
  const before = chosenFirst(roster)
    .slice(0, place - 1)
    .flatMap((id) => roster.facts.get(id) ?? []);
  const names = before.map((facts) => `${facts.node.hostname}${isWarm(facts) ? ' (warm)' : ''}`);
  const others = names.length === 0 ? [] : [`${names.join(', ')} would be chosen first`];
  const cold = before.some(isWarm) ? whyCold(roster.facts.get(nodeId)) : [];
  return [...(waiting.length > 0 ? waiting : full), ...others, ...cold, ...roster.troubles];
}

function asManyAsWanted({ controlPlanes: { length } }: Roster): string {
  const be = length === 1 ? 'is' : 'are';
  return `there ${be} ${countText(length, 'control plane')}, as many as the spec asks for`;
}

function planText(plan: OpenPlan, nodeId: string, { facts }: Roster): string {
  const name = (id: string | null) => (id && facts.get(id)?.node.hostname) ?? 'nobody yet';
  const { candidate, planId } = plan;
  const command = `\`civitas approve ${planId}\``;
  return candidate === nodeId
    ? `${name(nodeId)} takes the place of ${name(plan.nodeId)} after ${command}`
    : `${name(plan.nodeId)} keeps its place until ${command}, which gives it to ${name(candidate)}`;
}

/** Of a node without a role that others outdo: a worker is no spare at all. */
function whyCold(facts: NodeFacts | undefined): readonly string[] {
  if (!facts || isWarm(facts) || facts.assignment?.value.role === 'worker') return [];
  const { node, standBy } = facts;
  const why = standBy?.waiting?.message ?? 'programs or images are not all there yet';
  return [`${node.hostname} is not warm: ${why}`];
}

function rejection(nodeId: string, { candidates, promotable }: Roster): string {
  const rejected = [...promotable.rejected, ...candidates.rejected];
  return rejected.find(({ node }) => node.nodeId === nodeId)?.reason ?? 'may not be chosen';
}

function passedOver(nodeId: string, { events }: KnownLog): PassedOver | null {
  const latest = events
    .filter(({ value }) => CHOICES.includes(value.action))
    .filter(({ value }) => value.rejected.some((each) => each.nodeId === nodeId))
    .toSorted((left, right) => left.revision - right.revision)
    .at(-1);
  return latest === undefined ? null : told(nodeId, latest.value);
}

function told(nodeId: string, { wallMs, revision, summary, rejected }: DecisionEvent): PassedOver {
  const reason = rejected.find((each) => each.nodeId === nodeId)?.reason ?? '';
  return { wallMs, revision, summary, reason };
}
