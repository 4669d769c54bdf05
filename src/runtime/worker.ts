import { CivitasError, isTerminal } from '../errors.ts';
import type { Ports } from '../ports/index.ts';
import type { Wait } from '../state/status.ts';
import type { Controller, Requeue } from './controller.ts';
import { type PassOutcome, reconcile } from './reconcile.ts';

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** A hint may be lost: every controller looks again this often, whatever it was told. */
const RESYNC_MS = 10_000;
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
  /** Asks for a pass as soon as possible; many calls collapse into one pass. */
  enqueue(): void;
  /** Forgets earlier failures and asks for a pass: what they failed on is said to be there again. */
  retryNow(): void;
  /** Runs a pass when one is due; resolves to the clock time of the next one. */
  runDue(): Promise<number>;
  health(): WorkerHealth;
}

/** Drives one controller: dedupes triggers, backs off on failure, never sleeps itself. */
export function createWorker<O, A extends { readonly type: string }>(
  controller: Controller<O, A>,
  ports: Ports,
): Worker {
  const { clock, log } = ports;
  let dueAtMs = clock.nowMs();
  let attempt = 0;
  let hinted = false;
  let health: WorkerHealth = { state: 'idle' };

  function onOutcome({ actionsDone, requeue }: PassOutcome): void {
    attempt = 0;
    // A pass that changed something looks again at once: the next pass proves that nothing is left to do.
    const afterMs = requeue?.afterMs ?? (actionsDone > 0 ? 0 : RESYNC_MS);
    dueAtMs = clock.nowMs() + Math.min(afterMs, RESYNC_MS);
    health = waitingHealth(requeue, health, clock.wallMs());
  }

  function onFailure(err: unknown): void {
    attempt += 1;
    const { code, message } = describe(err);
    const afterMs = Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), MAX_BACKOFF_MS);
    dueAtMs = clock.nowMs() + (isTerminal(err) ? MAX_BACKOFF_MS : afterMs);
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
    enqueue() {
      hinted = true;
      // A hint must not cut a backoff short, or a failing controller would hammer what fails.
      if (attempt === 0) dueAtMs = Math.min(dueAtMs, clock.nowMs());
    },
    retryNow() {
      attempt = 0;
      hinted = true;
      dueAtMs = clock.nowMs();
    },
    async runDue() {
      if (dueAtMs > clock.nowMs()) return dueAtMs;
      hinted = false;
      await reconcile(controller, ports).then(onOutcome, onFailure);
      // What changed during the pass may have been read before the change.
      if (hinted && attempt === 0) dueAtMs = clock.nowMs();
      return dueAtMs;
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
