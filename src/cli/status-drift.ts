import type { AgentView } from '../state/agent-view.ts';
import { durationText } from './duration-text.ts';
import type { Paint } from './paint.ts';

interface Options {
  readonly paint: Paint;
  readonly wallMs: number;
}

const WHAT_IS_DONE = {
  reported: 'left as it is',
  repairing: 'is put back',
  kept: 'left alone: it was put back three times within an hour, and somebody changed it each time',
} as const;

/** What was changed by hand, a line each; empty when nothing was. */
export function renderDrift(drift: AgentView['drift'], { paint, wallMs }: Options): string {
  if (drift.length === 0) return '';
  const lines = drift.map(({ hostname, item, message, state, sinceWallMs }) => {
    const since = durationText(wallMs - sinceWallMs);
    return `  ${paint('yellow', `${hostname} ${item}`)}: ${message}; ${WHAT_IS_DONE[state]} (${since})`;
  });
  return ['Changed by hand:', ...lines].join('\n');
}
