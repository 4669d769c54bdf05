import { CivitasError, isTerminal } from '../errors.ts';
import type { Ports } from '../ports/index.ts';
import type { Requeue } from '../state/requeue.ts';
import type { Wait } from '../state/status.ts';
import type { Controller } from './controller.ts';
import { type PassOutcome, reconcile } from './reconcile.ts';
import { createRhythm } from './rhythm.ts';

/** Code of a write that came before the log did, which is no failure but a wait. */
const TOO_EARLY = 'store.not-yet';

/** How one controller stands, for `civitas status`. */
export type WorkerHealth =
  | { readonly state: 'idle' }
  | { readonly state: 'waiting'; readonly wait: Wait }
  | {
      readonly state: 'failing';
      readonly code: string;
      readonly message: string;
      readonly attempt: number;
    }
  | { readonly state: 'stalled'; readonly code: string; readonly message: string };

export interface Worker {
  readonly name: string;
  /**
   * Asks for a pass soon; many calls collapse into one pass. Whether the next one comes earlier for it:
   * else nobody has to be woken.
   */
  enqueue(): boolean;
  /** Forgets earlier failures and asks for a pass: what they failed on is said to be there again. */
  retryNow(): void;
  /** Clock time of the next pass. */
  dueAtMs(): number;
  /**
   * Runs a pass when one is due; resolves to the clock time of the next one. `only`: the types of the
   * actions that it may carry out; default: all.
   */
  runDue(only?: readonly string[]): Promise<number>;
  health(): WorkerHealth;
}

/** Drives one controller: dedupes triggers, backs off on failure, never sleeps itself. */
export function createWorker<O, A extends { readonly type: string }>(
  controller: Controller<O, A>,
  ports: Ports,
): Worker {
  const { clock, log, store } = ports;
  const rhythm = createRhythm(clock, {
    settledLookMs: controller.settledLookMs,
    isTold: () => store.synced,
  });
  let health: WorkerHealth = { state: 'idle' };

  function onOutcome(outcome: PassOutcome): void {
    rhythm.passed(outcome);
    health = waitingHealth(outcome.requeue, health, clock.wallMs());
  }

  function onFailure(err: unknown): void {
    const { code, message } = describe(err);
    const { attempt, afterMs } = rhythm.failed(isTerminal(err));
    const fields = { controller: controller.name, code, attempt, afterMs, err };
    if (code === TOO_EARLY) {
      const waiting = { reason: 'log', message };
      health = waitingHealth({ type: 'requeue', afterMs, waiting }, health, clock.wallMs());
      log.debug({ event: 'reconcile.too-early', ...fields }, 'reconcile too early');
      return;
    }
    if (isTerminal(err)) {
      health = { state: 'stalled', code, message };
      log.error({ event: 'reconcile.stalled', ...fields }, 'reconcile stalled');
      return;
    }
    health = { state: 'failing', code, message, attempt };
    log.warn({ event: 'reconcile.failed', ...fields }, 'reconcile failed');
  }

  return {
    name: controller.name,
    enqueue: rhythm.hint,
    retryNow: rhythm.retryNow,
    dueAtMs: rhythm.dueAtMs,
    async runDue(only) {
      if (rhythm.dueAtMs() > clock.nowMs()) return rhythm.dueAtMs();
      rhythm.begin();
      await reconcile(controller, ports, only).then(onOutcome, onFailure);
      return rhythm.dueAtMs();
    },
    health: () => health,
  };
}

function waitingHealth(
  requeue: Requeue | undefined,
  before: WorkerHealth,
  wallMs: number,
): WorkerHealth {
  if (!requeue?.waiting) return { state: 'idle' };
  const { reason, message } = requeue.waiting;
  const same = before.state === 'waiting' && before.wait.reason === reason;
  return {
    state: 'waiting',
    wait: { reason, message, sinceWallMs: same ? before.wait.sinceWallMs : wallMs },
  };
}

function describe(err: unknown): { code: string; message: string } {
  if (err instanceof CivitasError) return { code: err.code, message: err.message };
  return { code: 'internal.unexpected', message: err instanceof Error ? err.message : String(err) };
}
