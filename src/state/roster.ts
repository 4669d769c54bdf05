import type { Assignment } from './assignment.ts';
import { type CandidateOrder, candidateOrder } from './candidate-order.ts';
import { isDeparture } from './departure.ts';
import type { Entry } from './kinds.ts';
import { isAlive, type LogEntries, type NodeFacts, nodeFacts } from './node-facts.ts';
import type { NodeId } from './node-id.ts';
import { type Obstacle, obstacleBesidesRole, obstacles as obstaclesOf } from './obstacle.ts';
import { controlPlaneTrouble, isServing } from './unfinished.ts';

/** Who has which role, who could get one, and what is under way. */
export interface Roster {
  readonly facts: ReadonlyMap<NodeId, NodeFacts>;
  /** In which control planes are wanted first. */
  readonly zones: readonly string[];
  /** Assigned ones, whole or not. */
  readonly controlPlanes: readonly Assignment[];
  /** Control planes that are whole: only these hand over keys and tokens. */
  readonly sponsors: readonly NodeId[];
  /** What keeps the other control planes from being whole, a sentence each. */
  readonly troubles: readonly string[];
  /** Why the nodes that get no role now get none. */
  readonly obstacles: ReadonlyMap<NodeId, Obstacle>;
  /** Nodes that may be given a role now. */
  readonly free: readonly NodeFacts[];
  /** Those among them that may become control planes. */
  readonly candidates: CandidateOrder;
  /** Joins under way, by the entry that asked for them. */
  readonly joins: readonly Entry<'assignment'>[];
  /** Workers that serve, and may become control planes under their running pods. */
  readonly promotable: CandidateOrder;
  /** Departures that the cluster has not done with, by the entry that asked for them. */
  readonly departing: readonly Entry<'assignment'>[];
}

export function rosterOf(entries: LogEntries, zones: readonly string[]): Roster {
  const facts = nodeFacts(entries);
  const all = [...facts.values()];
  const obstacles = obstaclesOf(all);
  const assignments = entries.assignments.map(({ value }) => value);
  const controlPlanes = assignments.filter(({ role }) => role === 'control-plane');
  const judged = controlPlanes.map((assignment) => ({
    assignment,
    trouble: controlPlaneTrouble(assignment, facts.get(assignment.nodeId)),
  }));

  return {
    facts,
    zones,
    controlPlanes,
    sponsors: judged.flatMap(({ assignment, trouble }) =>
      trouble === undefined ? [assignment.nodeId] : [],
    ),
    troubles: judged.flatMap(({ trouble }) => trouble ?? []),
    obstacles,
    free: all.filter(({ node }) => !obstacles.has(node.nodeId)),
    candidates: candidateOrder(all, obstacles, zones),
    joins: entries.assignments.filter(({ value }) => isJoining(value, facts.get(value.nodeId))),
    promotable: promotableOf(all, zones),
    departing: entries.assignments.filter(
      ({ value }) => isDeparture(value.task) && facts.get(value.nodeId)?.departed === false,
    ),
  };
}

function promotableOf(all: readonly NodeFacts[], zones: readonly string[]): CandidateOrder {
  const workers = all.filter(({ assignment }) => assignment?.value.role === 'worker');
  const obstacles = new Map(
    workers.flatMap((facts) => {
      const obstacle = obstacleBesidesRole(facts, all) ?? unfinishedWorker(facts);
      return obstacle ? [[facts.node.nodeId, obstacle]] : [];
    }),
  );
  return candidateOrder(all, obstacles, zones, workers);
}

function unfinishedWorker({ node, assignment, status }: NodeFacts): Obstacle | undefined {
  const serves =
    assignment?.value.incarnation === node.incarnation && isServing(assignment.value, status);
  if (serves && status?.kubernetes.nodeReady) return undefined;
  return { reason: 'has-role', message: 'is a worker that is not Ready yet' };
}

function isJoining(assignment: Assignment, facts: NodeFacts | undefined): boolean {
  const { task } = assignment;
  if (task !== 'join-control-plane' && task !== 'join-worker' && task !== 'promote') return false;
  return !isServing(assignment, facts?.status);
}

/** Joins whose sponsor is lost, mute or sponsors no more, while the joining node itself lives. */
export function orphanedJoins(
  roster: Roster,
  mute: ReadonlySet<NodeId>,
): readonly Entry<'assignment'>[] {
  return roster.joins.filter(({ value: { nodeId, incarnation, sponsor } }) => {
    const joiner = roster.facts.get(nodeId);
    const lives =
      joiner !== undefined && isAlive(joiner) && joiner.node.incarnation === incarnation;
    return lives && isUnsponsored(sponsor, roster, mute);
  });
}

/** Departures whose sponsor is lost, mute or sponsors no more. */
export function orphanedDepartures(
  roster: Roster,
  mute: ReadonlySet<NodeId>,
): readonly Entry<'assignment'>[] {
  return roster.departing.filter(({ value }) => isUnsponsored(value.sponsor, roster, mute));
}

function isUnsponsored(
  sponsor: NodeId | null,
  { facts }: Roster,
  mute: ReadonlySet<NodeId>,
): boolean {
  const node = sponsor === null ? undefined : facts.get(sponsor);
  if (!node?.assignment) return false;
  const isGone = isLost(node) || mute.has(node.node.nodeId);
  return isGone || node.assignment.value.role !== 'control-plane';
}

/** Dead for sure, or back without what it had. */
export function isLost(facts: NodeFacts | undefined): boolean {
  if (facts === undefined) return false;
  const { node, liveness, assignment } = facts;
  const cameBackEmpty = assignment !== undefined && assignment.value.incarnation < node.incarnation;
  return cameBackEmpty || liveness?.verdict === 'dead';
}
