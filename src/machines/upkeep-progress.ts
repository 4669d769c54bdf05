import { transition } from 'xstate';
import { z } from 'zod';
import { type UpkeepEvent, upkeepMachine } from './upkeep.ts';

/** How far an order is on its host, as it is kept on disk. */
export const upkeepProgressSchema = z.strictObject({
  state: z.enum([
    'intended',
    'rendering',
    'swapping',
    'starting',
    'running',
    'backing-off',
    'switching',
    'verifying',
    'rolling-back',
    'settling',
    'done',
    'failed',
  ]),
  failures: z.int().min(0),
  reason: z.string().max(1_000).nullable(),
});

export type UpkeepProgress = z.infer<typeof upkeepProgressSchema>;

export const FIRST_UPKEEP_PROGRESS: UpkeepProgress = {
  state: 'intended',
  failures: 0,
  reason: null,
};

const MAX_REASON_LENGTH = 1_000;
const UNTOUCHED: readonly UpkeepProgress['state'][] = ['intended', 'done', 'failed'];

/** Whether the host is neither as it was before nor as it is to be. */
export function isHalfway({ state }: Pick<UpkeepProgress, 'state'>): boolean {
  return !UNTOUCHED.includes(state);
}

export function isOver({ state }: Pick<UpkeepProgress, 'state'>): boolean {
  return state === 'done' || state === 'failed';
}

/** One step. An event that the state does not foresee changes nothing. */
export function advanceUpkeep(
  { state, ...context }: UpkeepProgress,
  event: UpkeepEvent,
): UpkeepProgress {
  const restored = upkeepMachine.resolveState({ value: state, context });
  const [next] = transition(upkeepMachine, restored, event);
  const { failures, reason } = next.context;
  return { state: next.value, failures, reason: reason?.slice(0, MAX_REASON_LENGTH) ?? null };
}
