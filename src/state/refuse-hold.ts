import { TerminalError } from '../errors.ts';
import type { Entry } from './kinds.ts';
import type { Hold } from './rollout.ts';
import { isOver, progressOf, type RolloutEntries, rolloutUnderWay } from './rollout-under-way.ts';

/** What of the log tells whether a word of people makes sense. */
export interface HoldContext extends RolloutEntries {
  readonly holds: readonly Entry<'hold'>[];
  /** Of the spec, as it stands now. */
  readonly pausedBySpec: boolean;
  /** Of the newest entry of the log among all this. */
  readonly revision: number;
}

/** Without a plan, it is about the rollout under way. */
interface Said {
  readonly planId: string | undefined;
  readonly word: Hold['word'];
}

/**
 * The rollout that the word is about. Throws TerminalError `plan.unknown`, `plan.none-under-way`,
 * `plan.over` once it has ended or was cancelled, and `plan.not-paused` for one to resume that goes on.
 */
export function rolloutToHold(said: Said, context: HoldContext): Entry<'rollout'> {
  const rollout = named(said, context);
  refuseOver(rollout.key, said.word, context);
  if (said.word === 'resume') refuseGoingOn(rollout.key, context);
  return rollout;
}

function named({ planId, word }: Said, context: HoldContext): Entry<'rollout'> {
  const { rollouts, revision } = context;
  const found =
    planId === undefined
      ? rolloutUnderWay(context)
      : rollouts.find((rollout) => rollout.key === planId);
  if (found) return found;
  if (planId === undefined) {
    const why = `No rollout is under way at revision ${revision}, so there is none to ${word}`;
    throw new TerminalError('plan.none-under-way', `${why}: see \`civitas plan\`.`);
  }
  throw new TerminalError(
    'plan.unknown',
    `There is no rollout ${planId} at revision ${revision}, or no more: see \`civitas plan\`.`,
  );
}

function refuseOver(planId: string, word: Hold['word'], context: HoldContext): void {
  if (isOver(planId, context)) {
    const state = progressOf(planId, context)?.state;
    throw new TerminalError(
      'plan.over',
      `The rollout ${planId} is ${state} at revision ${context.revision}: see \`civitas plan\`.`,
    );
  }
  if (standing(planId, context)?.word !== 'cancel' || word === 'cancel') return;
  throw new TerminalError(
    'plan.over',
    `The rollout ${planId} was cancelled, judged at revision ${context.revision}, and ends at the next safe point: edit the spec to ask anew.`,
  );
}

function refuseGoingOn(planId: string, context: HoldContext): void {
  const isPaused = progressOf(planId, context)?.pausedRevision ?? null;
  if (isPaused !== null || standing(planId, context) !== undefined) return;
  const why = context.pausedBySpec
    ? 'is paused by upgrade.paused of the spec: set that to false with `civitas edit`'
    : 'is not paused: see what it waits for with `civitas plan`';
  const judged = `The rollout ${planId}, judged at revision ${context.revision},`;
  throw new TerminalError('plan.not-paused', `${judged} ${why}.`);
}

function standing(planId: string, { holds }: HoldContext): Hold | undefined {
  return holds.find(({ key }) => key === planId)?.value;
}
