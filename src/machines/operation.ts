import { assign, setup } from 'xstate';

/** How a command ended; `vanished` when the machine was booted while it ran. */
export type CommandOutcome = 'succeeded' | 'failed' | 'vanished';

/** Facts about one change of one host. Only `proof.found` ends it well. */
export type OperationEvent =
  | { readonly type: 'residue.found' }
  /** What this attempt would build upon is not there: nothing was touched. */
  | { readonly type: 'attempt.ruled-out'; readonly reason: string }
  | { readonly type: 'start.committed' }
  /** Provably: it may be started as if the entry had never been written. */
  | { readonly type: 'command.never-ran' }
  | { readonly type: 'command.ended'; readonly outcome: CommandOutcome; readonly reason: string }
  | { readonly type: 'proof.found' }
  | { readonly type: 'proof.missing' }
  | { readonly type: 'backoff.elapsed' }
  /** `attempts`: so many there are. */
  | { readonly type: 'host.cleaned'; readonly attempts: number };

export interface OperationContext {
  readonly failures: number;
  /** Of the last command; null before the first one ended. */
  readonly outcome: CommandOutcome | null;
  readonly reason: string | null;
}

/**
 * The life of an operation. `running` is committed before the command starts, so it means "may
 * have started"; a new attempt begins only on a host that was cleaned, and so does giving up. One
 * that provably never started is no attempt.
 */
export const operationMachine = setup({
  types: { context: {} as OperationContext, events: {} as OperationEvent },
  guards: {
    outOfAttempts: ({ context, event }) =>
      event.type === 'host.cleaned' && context.failures >= event.attempts,
  },
  actions: {
    keepOutcome: assign((_, { outcome, reason }: Pick<OperationContext, 'outcome' | 'reason'>) => ({
      outcome,
      reason,
    })),
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
  },
}).createMachine({
  id: 'operation',
  context: { failures: 0, outcome: null, reason: null },
  initial: 'intended',
  states: {
    intended: {
      on: {
        'start.committed': 'running',
        'residue.found': 'resetting',
        'attempt.ruled-out': {
          target: 'failed',
          actions: [
            'countFailure',
            {
              type: 'keepOutcome',
              params: ({ event }) => ({ outcome: 'failed' as const, reason: event.reason }),
            },
          ],
        },
        'proof.found': 'succeeded',
      },
    },
    running: {
      on: {
        'command.ended': {
          target: 'verifying',
          actions: {
            type: 'keepOutcome',
            params: ({ event }) => ({ outcome: event.outcome, reason: event.reason }),
          },
        },
        'command.never-ran': 'intended',
        'proof.found': 'succeeded',
      },
    },
    verifying: {
      on: {
        'proof.found': 'succeeded',
        'proof.missing': { target: 'failed', actions: 'countFailure' },
      },
    },
    failed: {
      on: { 'proof.found': 'succeeded', 'backoff.elapsed': 'resetting' },
    },
    resetting: {
      on: {
        'host.cleaned': [{ guard: 'outOfAttempts', target: 'gave-up' }, { target: 'intended' }],
      },
    },
    succeeded: { type: 'final' },
    'gave-up': { type: 'final' },
  },
});
