import { TerminalError } from '../errors.ts';
import type { Entry } from './kinds.ts';

/** What of the log tells whether a plan may be approved. */
export interface ApprovalContext {
  readonly plans: readonly Entry<'plan'>[];
  readonly nodes: readonly Entry<'node'>[];
  readonly livenesses: readonly Entry<'liveness'>[];
  /** Names of the rollouts that may be approved, too. */
  readonly rollouts: readonly string[];
  /** Of the newest entry of the log among all this. */
  readonly revision: number;
}

/**
 * The plan that was named. Throws TerminalError `plan.unknown` when there is none any more, and
 * `plan.outdated` when the world moved on and the leader has not taken it back yet.
 */
export function planToApprove(planId: string, context: ApprovalContext): Entry<'plan'> {
  const { plans, rollouts, revision } = context;
  const plan = plans.find(({ key }) => key === planId);
  if (plan === undefined) {
    const names = [...plans.map(({ key }) => key), ...rollouts];
    const others = names.length === 0 ? 'none waits' : `choose from ${names.join(', ')}`;
    throw new TerminalError(
      'plan.unknown',
      `There is no plan ${planId} at revision ${revision}, or no more: ${others}.`,
    );
  }
  const why = whyOutdated(plan, context);
  if (why === undefined) return plan;
  throw new TerminalError(
    'plan.outdated',
    `The plan ${planId} was made at revision ${plan.value.revision}, and at revision ${revision} ${why}: see \`civitas get plans\`.`,
  );
}

function whyOutdated(plan: Entry<'plan'>, context: ApprovalContext): string | undefined {
  const { nodeId, incarnation, candidate } = plan.value;
  const newer = context.plans.find(
    (other) => other.value.nodeId === nodeId && other.revision > plan.revision,
  );
  if (newer) return `${newer.key} has taken its place`;
  const node = context.nodes.find(({ key }) => key === nodeId)?.value;
  if (node === undefined || node.incarnation !== incarnation) {
    return `${node?.hostname ?? nodeId} is no longer the machine that it is about`;
  }
  if (verdictOn(nodeId, context) === 'alive') return `${node.hostname} is alive again`;
  if (candidate === null || verdictOn(candidate, context) !== 'dead') return undefined;
  const name = context.nodes.find(({ key }) => key === candidate)?.value.hostname ?? candidate;
  return `${name}, which was to take the place, is dead`;
}

function verdictOn(nodeId: string, { livenesses }: ApprovalContext): string | undefined {
  return livenesses.find(({ key }) => key === nodeId)?.value.verdict;
}
