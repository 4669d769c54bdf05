import type { Value } from '../../state/kinds.ts';
import { waitsItsTurn } from '../../state/waits-its-turn.ts';

type Progress = Value<'progress'>;
type Order = Value<'order'>;
type Work = Value<'upkeep'>['work'];

/** What to tell of how far a rollout is. */
export function progressTexts(
  now: Progress | undefined,
  before: Progress | undefined,
): readonly string[] {
  if (!now) return [];
  const { planId, state, stage, waiting } = now;
  const isMoved = state !== before?.state || stage !== before.stage;
  const where = stage === '' || state !== 'running' ? '' : `, ${stage}`;
  const isNew = waiting !== null && waiting.message !== before?.waiting?.message;
  const waits = isNew && !waitsItsTurn(waiting);
  return [
    ...(isMoved ? [`${planId}: ${state}${where}`] : []),
    ...(waits ? [`${planId} waits: ${waiting.message}`] : []),
  ];
}

/** What to tell of what a node was ordered. */
export function orderTexts(now: Order | undefined, before: Order | undefined): readonly string[] {
  if (!now || now.operationId === before?.operationId) return [];
  return [`is to ${now.task} (${now.kubernetesVersion})`];
}

/** What to tell of what came of that. */
export function workTexts(now: Work | undefined, before: Work | undefined): readonly string[] {
  if (!now || now.state === 'under-way') return [];
  if (now.operationId === before?.operationId && now.state === before.state) return [];
  return [`${now.task}: ${now.state === 'done' ? 'done' : `failed, ${now.reason}`}`];
}
