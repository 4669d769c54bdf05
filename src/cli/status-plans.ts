import type { AgentView } from '../state/agent-view.ts';
import type { Paint } from './paint.ts';

interface Options {
  readonly paint: Paint;
}

/** What waits for a word of people, but for the rollout that has its own lines; empty when nothing does. */
export function renderOpenPlans(
  { plans, rollout }: Pick<AgentView, 'plans' | 'rollout'>,
  { paint }: Options,
): string {
  const open = plans.filter(({ planId, approved }) => !approved && planId !== rollout?.planId);
  if (open.length === 0) return '';
  const lines = open.map(({ planId, summary }) => {
    return `  ${paint('yellow', `civitas approve ${planId}`)}: ${summary}`;
  });
  return ['Waiting for approval:', ...lines].join('\n');
}
