import { countText } from '../../state/count-text.ts';
import type { Guard } from '../../state/decision-event.ts';
import { isAlive, type NodeFacts } from '../../state/node-facts.ts';
import { removalTrouble } from '../../state/projected-quorum.ts';
import { isLost } from '../../state/roster.ts';
import { votersOf } from '../../state/voters.ts';
import {
  type Answer,
  failed,
  type Leaver,
  memberChange,
  oneChange,
  outOfService,
  type Situation,
  stayingControlPlanes,
} from './situation.ts';

/**
 * A control plane that people asked to leave goes once others are enough, and one that is more than
 * wanted becomes a worker. Undefined when there is none, or while one is lost: that comes first.
 */
export function fewerControlPlanes(situation: Situation): Answer | undefined {
  const { roster } = situation;
  if (roster.controlPlanes.some(({ nodeId }) => isLost(roster.facts.get(nodeId)))) return undefined;
  const facts = superfluous(situation);
  if (!facts) return undefined;

  const guards = [
    noOtherChange(situation, facts),
    ...enough(situation, facts),
    quorum(situation, facts),
  ];
  const { hostname } = facts.node;
  const closed = failed(guards);
  if (closed) {
    const message = `${hostname} is still a control plane: ${closed.message}`;
    return { type: 'wait', wait: { reason: closed.name, message } };
  }
  const task = facts.leaving ? 'retire' : 'demote';
  const summary = facts.leaving
    ? `${hostname} was asked to leave, and other control planes are enough`
    : `${hostname} becomes a worker, as ${wantedText(situation.wanted.controlPlanes, 'control plane')}`;
  return { type: 'go', leaver: leaver(facts, task, summary, guards) };
}

/** A worker that was asked to leave, whose machine was wiped, or that is one more than `size`. */
export function fewerWorkers(situation: Situation): Answer | undefined {
  const { roster } = situation;
  const busy = roster.departing[0] ?? outOfService(roster.facts.values());
  const workers = [...roster.facts.values()].filter(
    ({ assignment, departed }) =>
      assignment?.value.role === 'worker' && !isLeaving(assignment.value.task, departed),
  );
  const [first] = workers
    .map((facts) => ({ facts, why: whyWorkerGoes(situation, facts, workers.length) }))
    .filter(({ why }) => why !== undefined)
    .toSorted((a, b) => cost(a.facts) - cost(b.facts) || b.facts.revision - a.facts.revision);
  if (!first?.why || busy) return undefined;
  return { type: 'go', leaver: leaver(first.facts, 'retire', first.why, []) };
}

function isLeaving(task: string, departed: boolean): boolean {
  return task === 'retire' || (task === 'demote' && !departed);
}

function superfluous({ roster, wanted }: Situation): NodeFacts | undefined {
  const all = roster.controlPlanes.flatMap(({ nodeId }) => roster.facts.get(nodeId) ?? []);
  const leaving = all.find((facts) => facts.leaving);
  if (leaving) return leaving;
  if (all.length <= wanted.controlPlanes) return undefined;
  const inZone = ({ node }: NodeFacts) =>
    all.filter(({ node: { zone } }) => zone === node.zone).length;
  const [least] = all.toSorted(
    (a, b) =>
      Number(a.askedToStay ?? false) - Number(b.askedToStay ?? false) ||
      inZone(b) - inZone(a) ||
      b.node.capacity.fsyncP99Ms - a.node.capacity.fsyncP99Ms ||
      b.revision - a.revision,
  );
  return least;
}

/** Whoever leaves is emptied, and one node at a time may be out of service (S6). */
function noOtherChange({ roster }: Situation, { leaving }: NodeFacts): Guard {
  const [other] = leaving ? roster.departing : [];
  const hostname = other && roster.facts.get(other.value.nodeId)?.node.hostname;
  const emptied = leaving ? outOfService(roster.facts.values()) : undefined;
  return oneChange(memberChange(roster) ?? (hostname && `${hostname} still leaves`) ?? emptied);
}

/** Who leaves is replaced first; that it stays until then is told, so that somebody can help. */
function enough({ roster, wanted }: Situation, { leaving }: NodeFacts): readonly Guard[] {
  if (!leaving) return [];
  const staying = stayingControlPlanes(roster);
  const passed = staying >= wanted.controlPlanes;
  const message = passed
    ? `${countText(staying, 'control plane')} ${staying === 1 ? 'stays' : 'stay'}`
    : `${staying} of ${countText(wanted.controlPlanes, 'control plane')} would stay: start another machine with the same token, or lower controlPlanes`;
  return [{ name: 'no-replacement', passed, message }];
}

function quorum({ roster }: Situation, { node }: NodeFacts): Guard {
  const trouble = removalTrouble(votersOf(roster.facts.values()), node.hostname);
  return {
    name: 'quorum',
    passed: trouble === undefined,
    message: trouble ?? 'those that stay are a quorum of etcd',
  };
}

function whyWorkerGoes(
  situation: Situation,
  facts: NodeFacts,
  workers: number,
): string | undefined {
  const { roster, wanted, wiped, deadForMs } = situation;
  const { nodeId, hostname } = facts.node;
  if (facts.leaving) return `${hostname} was asked to leave`;
  if (wiped.has(nodeId)) return `the machine of ${hostname} came back empty, as another node`;
  if (wanted.size === undefined) return undefined;
  const controlPlanes = Math.max(roster.controlPlanes.length, wanted.controlPlanes);
  if (workers + controlPlanes > wanted.size) {
    return `${hostname} becomes a spare, as ${wantedText(wanted.size, 'node')} (size)`;
  }
  const lostForMs = deadForMs.get(nodeId) ?? 0;
  const isOverdue = isLost(facts) && lostForMs >= wanted.replacement.graceSeconds * 1_000;
  if (!isOverdue || roster.free.length === 0) return undefined;
  return `${hostname} is lost, and a spare takes its place`;
}

function wantedText(count: number, word: string): string {
  return `${countText(count, word)} ${count === 1 ? 'is' : 'are'} wanted`;
}

/** Lowest goes first: what is lost or not Ready costs nobody anything. */
function cost(facts: NodeFacts): number {
  if (facts.leaving) return 0;
  if (!isAlive(facts)) return 1;
  return facts.status?.kubernetes.nodeReady ? 3 : 2;
}

function leaver(
  facts: NodeFacts,
  task: Leaver['task'],
  summary: string,
  guards: readonly Guard[],
): Leaver {
  return { facts, task, reasons: { action: task, summary, guards: [...guards], rejected: [] } };
}
