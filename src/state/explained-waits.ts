import { hasLeft } from './has-left.ts';
import type { KnownLog } from './known-log.ts';
import type { Node } from './node.ts';
import type { NodeFacts } from './node-facts.ts';
import { type OpenPlan, openPlans } from './open-plans.ts';
import type { Order } from './order.ts';
import { rolloutSummary } from './rollout-summary.ts';
import { rolloutUnderWay } from './rollout-under-way.ts';
import { rolloutView } from './rollout-view.ts';
import type { Roster } from './roster.ts';
import type { Wait } from './status.ts';

/** Something that a node waits for. The sentence says what would end it. */
export interface ExplainedWait {
  readonly by: 'node' | 'sponsor' | 'leader';
  readonly message: string;
  /** Null where nobody dated it. */
  readonly sinceWallMs: number | null;
}

/** All that a node waits for, by what it, its sponsor and the leader wrote to the log. */
export function explainedWaits(
  node: Node,
  log: KnownLog,
  roster: Pick<Roster, 'facts' | 'obstacles'>,
): readonly ExplainedWait[] {
  const facts = roster.facts.get(node.nodeId);
  return [
    ...dated('node', facts?.status?.waiting ?? facts?.standBy?.waiting ?? null),
    ...departureWaits(node, log, facts),
    ...(facts?.order ? orderWaits(facts.order, node, log) : drainAsked(node, log)),
    ...rolloutWaits(node, log),
    ...planWaits(node, log),
    ...roleWaits(node, log, roster),
  ];
}

function departureWaits(
  { nodeId }: Node,
  { departures }: KnownLog,
  facts: NodeFacts | undefined,
): readonly ExplainedWait[] {
  const departure = departures.find(({ key }) => key === nodeId)?.value;
  const isCurrent = departure?.operationId === facts?.assignment?.value.operationId;
  return dated('sponsor', (isCurrent && departure?.waiting) || null);
}

function orderWaits(order: Order, node: Node, log: KnownLog): readonly ExplainedWait[] {
  const { operationId, task, kubernetesVersion } = order;
  const ofOrder = (entries: KnownLog['upkeeps'] | KnownLog['certificates']) => {
    const work = entries.find(({ key }) => key === node.nodeId)?.value.work;
    return work?.operationId === operationId && work.state === 'under-way' ? [work] : [];
  };
  const works = [...ofOrder(log.upkeeps), ...ofOrder(log.certificates)];
  const drain = log.drains.find(({ key }) => key === node.nodeId)?.value;
  const ofSponsor = drain?.operationId === operationId ? drain : undefined;
  const doing = works.map(({ step }) => `: ${step}`).join('');
  return [
    ...works.flatMap(({ waiting }) => dated('node', waiting)),
    ...dated('sponsor', ofSponsor?.waiting ?? null),
    task === 'drain'
      ? drainWait(node, ofSponsor?.state === 'drained', log)
      : leaderWait(`its ${task} (${kubernetesVersion}) is under way${doing}`),
  ];
}

/** Before the leader gave the order for it. */
function drainAsked(node: Node, log: KnownLog): readonly ExplainedWait[] {
  return drainRequest(node, log) === undefined ? [] : [drainWait(node, false, log)];
}

function drainWait(node: Node, isEmpty: boolean, log: KnownLog): ExplainedWait {
  const { hostname } = node;
  const what = isEmpty ? 'is drained' : 'is to be drained';
  const message = `${hostname} ${what}, as people asked: \`civitas uncordon ${hostname}\` ends that`;
  const sinceWallMs = drainRequest(node, log)?.askedWallMs ?? null;
  return { by: 'leader', message, sinceWallMs };
}

function drainRequest({ nodeId, incarnation }: Node, { requests }: KnownLog) {
  const request = requests.find(({ key }) => key === nodeId)?.value;
  return request?.type === 'drain' && request.incarnation === incarnation ? request : undefined;
}

/** What the rollout under way has still to do there, and what it waits for itself. */
function rolloutWaits({ nodeId }: Node, log: KnownLog): readonly ExplainedWait[] {
  const rollout = rolloutUnderWay(log);
  const summary = rolloutSummary(log);
  if (rollout === undefined || summary === null) return [];
  const { steps } = rolloutView(rollout, log, rollout.value.plannedWallMs);
  const left = steps.filter((step) => step.nodeId === nodeId && step.state === 'to-do');
  const [next] = left;
  if (next === undefined) return [];
  const { planId, state, waiting, doing } = summary;
  const first = waiting?.message ?? doing[0];
  const message = `${planId} (${state}) has its ${next.task} (${next.kubernetesVersion}) still to do`;
  return [
    {
      by: 'leader',
      message: first === undefined ? message : `${message}, after this: ${first}`,
      sinceWallMs: waiting?.sinceWallMs ?? null,
    },
  ];
}

/** Of who is to go as well as of who is to take the place. */
function planWaits({ nodeId }: Node, log: KnownLog): readonly ExplainedWait[] {
  return unapproved(log)
    .filter((plan) => [plan.nodeId, plan.candidate].includes(nodeId))
    .map(({ planId, summary }) => leaderWait(`\`civitas approve ${planId}\` to ${summary}`));
}

/** Why the leader gives it no role, or what would give back what died with it. */
function roleWaits(
  { nodeId, hostname }: Node,
  log: KnownLog,
  { facts, obstacles }: Pick<Roster, 'facts' | 'obstacles'>,
): readonly ExplainedWait[] {
  const obstacle = obstacles.get(nodeId);
  const own = facts.get(nodeId);
  if (obstacle === undefined || (own && hasLeft(own))) return [];
  if (obstacle.reason !== 'has-role') return [leaderWait(`${hostname} ${obstacle.message}`)];
  const isDead = own?.liveness?.verdict === 'dead';
  if (!isDead || unapproved(log).some((plan) => plan.nodeId === nodeId)) return [];
  return [leaderWait(`${hostname} is dead: bring it back, or start another machine`)];
}

function unapproved(log: KnownLog): readonly OpenPlan[] {
  return openPlans(log).filter(({ approved }) => !approved);
}

function dated(by: ExplainedWait['by'], wait: Wait | null): readonly ExplainedWait[] {
  return wait === null ? [] : [{ by, message: wait.message, sinceWallMs: wait.sinceWallMs }];
}

function leaderWait(message: string): ExplainedWait {
  return { by: 'leader', message, sinceWallMs: null };
}
