import { assign, setup } from 'xstate';

/** Facts about one order and the host that carries it out. Only `proof.found` ends it well. */
export type UpkeepEvent =
  /** What stood on the host before is kept, and the first command may start. */
  | { readonly type: 'work.begun' }
  /** The same, where the static pods are swapped ahead of kubeadm. */
  | { readonly type: 'ahead.begun' }
  /** It is not possible, or nothing is left of it to do: kubeadm does it all, in its own time. */
  | { readonly type: 'ahead.ruled-out' }
  | { readonly type: 'manifests.rendered' }
  | { readonly type: 'static-pods.swapped' }
  | { readonly type: 'servers.started' }
  | { readonly type: 'command.failed'; readonly reason: string }
  | { readonly type: 'backoff.elapsed' }
  | { readonly type: 'commands.succeeded' }
  /** The same where the kubelet has yet to be started anew. */
  | { readonly type: 'kubelet.configured' }
  /** The programs of the release are linked, and the kubelet was started with them. */
  | { readonly type: 'kubelet.switched' }
  | { readonly type: 'proof.found' }
  /** It did not come in time. */
  | { readonly type: 'proof.missing'; readonly reason: string }
  | { readonly type: 'files.put-back' }
  /** The host serves again as it did before, or does not within the time that it has for that. */
  | { readonly type: 'host.settled' }
  | { readonly type: 'host.unsettled'; readonly reason: string };

export interface UpkeepContext {
  /** Commands that failed, one after another. */
  readonly failures: number;
  /** Of the last failure; null before the first. */
  readonly reason: string | null;
}

const MAX_FAILURES = 3;

/**
 * The life of an order on its host. `running` is kept on disk before the first command starts, so until
 * then nothing was touched, and afterwards it ends `done`, or `failed` with the host as it was before.
 * Commands are safe to repeat: whoever comes back starts them again.
 */
export const upkeepMachine = setup({
  types: { context: {} as UpkeepContext, events: {} as UpkeepEvent },
  guards: { outOfAttempts: ({ context }) => context.failures + 1 >= MAX_FAILURES },
  actions: {
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
    keepReason: assign((_, { reason }: { readonly reason: string }) => ({ reason })),
    addReason: assign(({ context }, { reason }: { readonly reason: string }) => ({
      reason: [context.reason, reason].filter(Boolean).join('; '),
    })),
  },
}).createMachine({
  id: 'upkeep',
  context: { failures: 0, reason: null },
  initial: 'intended',
  states: {
    intended: {
      on: { 'work.begun': 'running', 'ahead.begun': 'rendering', 'proof.found': 'done' },
    },
    rendering: { on: { 'manifests.rendered': 'swapping', 'ahead.ruled-out': 'running' } },
    swapping: {
      on: {
        'static-pods.swapped': 'starting',
        'ahead.ruled-out': 'running',
        'proof.missing': {
          target: 'rolling-back',
          actions: { type: 'keepReason', params: ({ event }) => event },
        },
      },
    },
    starting: {
      on: {
        'servers.started': 'running',
        'proof.missing': {
          target: 'rolling-back',
          actions: { type: 'keepReason', params: ({ event }) => event },
        },
      },
    },
    running: {
      on: {
        'commands.succeeded': 'verifying',
        'kubelet.configured': 'switching',
        'command.failed': [
          {
            guard: 'outOfAttempts',
            target: 'rolling-back',
            actions: ['countFailure', { type: 'keepReason', params: ({ event }) => event }],
          },
          {
            target: 'backing-off',
            actions: ['countFailure', { type: 'keepReason', params: ({ event }) => event }],
          },
        ],
      },
    },
    'backing-off': { on: { 'backoff.elapsed': 'running' } },
    switching: {
      on: {
        'kubelet.switched': 'verifying',
        'proof.missing': {
          target: 'rolling-back',
          actions: { type: 'keepReason', params: ({ event }) => event },
        },
      },
    },
    verifying: {
      on: {
        'proof.found': 'done',
        'proof.missing': {
          target: 'rolling-back',
          actions: { type: 'keepReason', params: ({ event }) => event },
        },
      },
    },
    'rolling-back': {
      on: {
        'files.put-back': 'settling',
        'host.unsettled': {
          target: 'failed',
          actions: { type: 'addReason', params: ({ event }) => event },
        },
      },
    },
    settling: {
      on: {
        'host.settled': 'failed',
        'host.unsettled': {
          target: 'failed',
          actions: { type: 'addReason', params: ({ event }) => event },
        },
      },
    },
    done: { type: 'final' },
    failed: { type: 'final' },
  },
});
