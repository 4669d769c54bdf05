import type { Reasons } from '../../state/decision-event.ts';
import type { Progress, Rollout } from '../../state/rollout.ts';
import { sameValue } from '../../state/same-value.ts';
import type { Action } from './action.ts';
import type { Advance } from './advanced.ts';
import { stepNews } from './step-news.ts';
import type { World } from './world.ts';

type Note = Extract<Action, { type: 'note' }>;

/** Writes down how far a rollout is, where that is something new. */
export function noteAction({ rollout, before, next }: Advance, { term }: World): readonly Note[] {
  if (before && sameValue(before.value, next)) return [];
  const progress = { ...next, term };
  const reasons = reasonsOf(rollout, before?.value, next);
  const note: Note = { type: 'note', progress, ifRevision: before?.revision ?? 0 };
  return [reasons ? { ...note, reasons } : note];
}

/** People are told of what ends, stops, fails or goes on again; what begins is told with its order. */
function reasonsOf(
  rollout: Rollout,
  before: Progress | undefined,
  next: Progress,
): Reasons | undefined {
  const { planId } = rollout;
  const why = next.waiting?.message ?? '';
  const news = stepNews(rollout, before, next);
  if (next.endedWallMs !== null) {
    const summary = next.state === 'done' ? rollout.expected : [why, ...news].join('; ');
    return told('end-rollout', `${planId} is ${next.state}: ${summary}`);
  }
  if (hasFailed(before, next)) return told('fail-rollout', `${planId} is paused: ${why}`);
  if (next.state === 'paused' && before?.state !== 'paused') {
    return told('pause-rollout', `${planId} is paused: ${why}`);
  }
  if (before?.state === 'paused' && next.state !== 'paused') {
    return told('resume-rollout', `${planId} goes on`);
  }
  return news.length === 0 ? undefined : told('end-step', `${planId}: ${news.join('; ')}`);
}

function hasFailed(before: Progress | undefined, { pausedRevision }: Progress): boolean {
  return pausedRevision !== null && pausedRevision !== (before?.pausedRevision ?? null);
}

function told(action: string, summary: string): Reasons {
  return { action, summary, guards: [], rejected: [] };
}
