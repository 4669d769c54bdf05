import { transition } from 'xstate';
import { z } from 'zod';
import type { Snapshot } from '../state/operation.ts';
import { type OperationEvent, operationMachine } from './operation.ts';

const MACHINE = 'operation';
/** Grows when a stored snapshot would be read differently; an agent acts on no version but its own (S25). */
const VERSION = 1;

const progressSchema = z.strictObject({
  state: z.enum([
    'intended',
    'running',
    'verifying',
    'failed',
    'resetting',
    'succeeded',
    'gave-up',
  ]),
  failures: z.int().min(0),
  outcome: z.enum(['succeeded', 'failed', 'vanished']).nullable(),
  reason: z.string().max(1_000).nullable(),
});

/** How far an operation is. */
export type Progress = z.infer<typeof progressSchema>;

const AFTER_AN_ATTEMPT: readonly Progress['state'][] = ['failed', 'resetting', 'gave-up'];

export const FIRST_PROGRESS: Progress = {
  state: 'intended',
  failures: 0,
  outcome: null,
  reason: null,
};

/** Undefined for a snapshot of another machine or version: whoever meets one stands still. */
export function readProgress(snapshot: Snapshot): Progress | undefined {
  const { machine, version, value, context } = snapshot;
  if (machine !== MACHINE || version !== VERSION) return undefined;
  return progressSchema.safeParse({ ...context, state: value }).data;
}

/** For the operation's entry in the log. */
export function writeProgress({ state, ...context }: Progress): Snapshot {
  return { machine: MACHINE, version: VERSION, value: state, context };
}

/** The attempt that is next, under way or last; 0 where nothing was tried yet and a reset comes first. */
export function attemptOf({ state, failures }: Progress): number {
  return AFTER_AN_ATTEMPT.includes(state) ? failures : failures + 1;
}

/** One step. An event that the state does not foresee changes nothing. */
export function advance({ state, ...context }: Progress, event: OperationEvent): Progress {
  const restored = operationMachine.resolveState({ value: state, context });
  const [next] = transition(operationMachine, restored, event);
  return { state: next.value, ...next.context };
}
