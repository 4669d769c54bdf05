import type { RolloutView, StepView } from '../../state/rollout-view.ts';
import { waitsItsTurn } from '../../state/waits-its-turn.ts';
import { durationText } from '../duration-text.ts';

/** What changed from one look at a rollout to the next, a line each; undefined: nothing was seen yet. */
export function rolloutNews(before: RolloutView | undefined, now: RolloutView): readonly string[] {
  const steps = now.steps.flatMap((step, index) => stepNews(before?.steps[index], step));
  const waits = now.waiting !== null && !waitsItsTurn(now.waiting) ? now.waiting.message : null;
  const isMoved = before?.state !== now.state || before?.stage !== now.stage;
  return [
    ...steps,
    ...(isMoved ? [`${now.planId}: ${now.state}${now.stage === '-' ? '' : `, ${now.stage}`}`] : []),
    ...(waits !== null && waits !== before?.waiting?.message
      ? [`${now.planId} waits for: ${waits}`]
      : []),
  ];
}

function stepNews(before: StepView | undefined, now: StepView): readonly string[] {
  const { hostname, task, kubernetesVersion, state, startedWallMs, endedWallMs } = now;
  const { waiting, why } = now;
  const name = `${hostname} ${task} ${kubernetesVersion}`;
  const isNew = before?.state !== state && state !== 'to-do';
  const tookMs =
    startedWallMs === null || endedWallMs === null ? null : endedWallMs - startedWallMs;
  const after = tookMs === null ? '' : ` after ${durationText(tookMs)}`;
  const waits = waiting !== null && waiting.message !== before?.waiting?.message;
  return [
    ...(isNew ? [`${name}: ${state.replace('-', ' ')}${after}${why ? `: ${why}` : ''}`] : []),
    ...(waits ? [`${name} waits for: ${waiting.message}`] : []),
  ];
}
