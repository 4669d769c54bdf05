import type { RolloutSummary } from '../state/rollout-summary.ts';
import { durationText } from './duration-text.ts';
import type { Paint } from './paint.ts';

interface Options {
  readonly paint: Paint;
  /** Now, on the wall clock that the wait was dated with. */
  readonly wallMs: number;
}

/** The rollout under way in `civitas status`; empty when there is none. */
export function renderRolloutLines(
  rollout: RolloutSummary | null,
  { paint, wallMs }: Options,
): string {
  if (rollout === null) return '';
  const { planId, state, stage, steps, doneSteps, doing, waiting } = rollout;
  const where = stage === '-' ? '' : `, ${stage}`;
  return [
    `Rollout ${paint('bold', planId)}: ${state}${where}, ${doneSteps} of ${steps} steps (civitas plan --watch)`,
    ...doing.map((line) => `  ${line}`),
    ...(waiting === null
      ? []
      : [
          `  ${paint('yellow', 'waits for')}: ${waiting.message} (${durationText(wallMs - waiting.sinceWallMs)})`,
        ]),
  ].join('\n');
}
