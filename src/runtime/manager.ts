import type { Ports } from '../ports/index.ts';
import { createAlarm } from './alarm.ts';
import { actionsDespite, type Freeze } from './freeze.ts';
import type { RegisteredController } from './registered-controller.ts';
import { refuseSecondWriters } from './registered-controller.ts';
import { createTurns, type Turns } from './turns.ts';
import type { Worker, WorkerHealth } from './worker.ts';

/** A leader is told at once that it leads: nothing waits for this look, which is for what nobody foresaw. */
const FOLLOWER_LOOK_MS = 60_000;
/** How often a frozen manager asks whether it may act again. */
const FROZEN_POLL_MS = 1_000;
/** Bounds a controller that asks for itself again and again. */
const MIN_PAUSE_MS = 5;

export interface Manager {
  /** Health by controller name. */
  health(): Readonly<Record<string, WorkerHealth>>;
  /** Everybody looks again at once, whatever failed before: for when the log came back. */
  retryNow(): void;
  /** The same for those that fail with one of these codes: what they lacked is said to be there again. */
  retryFailed(codes: ReadonlySet<string>): void;
  /** Resolves once the passes under way have ended. */
  stop(): Promise<void>;
}

interface Running {
  readonly controller: RegisteredController;
  readonly worker: Worker;
  /** When it looks next, as far as is known: a look under way says so at its end. */
  dueMs: number;
  /** The look under way. */
  look: Promise<void> | undefined;
}

/**
 * Runs controllers until stopped, each by itself, so that a slow pass of one delays no other; one timer
 * wakes all of them. While there is a freeze no pass begins, but of a controller that may carry out
 * some actions all the same, and then none but these: so an agent that can not read its log does
 * nothing else.
 */
export function startManager(
  controllers: readonly RegisteredController[],
  ports: Ports,
  freeze: () => Freeze | undefined,
): Manager {
  refuseSecondWriters(controllers);
  const { clock, leadership, store } = ports;
  let isStopped = false;
  const running = controllers.map((controller): Running => {
    const worker = controller.createWorker(ports);
    return { controller, worker, dueMs: clock.nowMs(), look: undefined };
  });
  const alarm = createAlarm(clock, startDue);
  const context = { leadership, clock, freeze, turns: createTurns() };

  function wake(entry: Running, atMs: number): void {
    entry.dueMs = Math.min(entry.dueMs, atMs);
    if (!entry.look) alarm.set(entry.dueMs);
  }

  async function look(entry: Running): Promise<void> {
    entry.dueMs = Number.POSITIVE_INFINITY;
    const nextMs = await passIfAllowed(entry, context);
    entry.look = undefined;
    // Whoever was woken meanwhile looks again right away.
    wake(entry, Math.max(Math.min(nextMs, entry.dueMs), clock.nowMs() + MIN_PAUSE_MS));
  }

  function startDue(): void {
    if (isStopped) return;
    const nowMs = clock.nowMs();
    for (const entry of running) {
      if (entry.look) continue;
      if (entry.dueMs <= nowMs) entry.look = look(entry);
      else alarm.set(entry.dueMs);
    }
  }

  function retry(entries: readonly Running[]): void {
    for (const entry of entries) {
      entry.worker.retryNow();
      wake(entry, clock.nowMs());
    }
  }

  const unsubscribe = store.onChange((kind) => {
    for (const entry of running) {
      if (!entry.controller.inputs.includes(kind)) continue;
      if (entry.worker.enqueue()) wake(entry, entry.worker.dueAtMs());
    }
  });

  const forgetLead = leadership.onLead(() => {
    for (const entry of running)
      if (entry.controller.scope === 'leader') wake(entry, clock.nowMs());
  });

  startDue();
  return {
    health: () => Object.fromEntries(running.map(({ worker }) => [worker.name, worker.health()])),
    retryNow: () => retry(running),
    retryFailed: (codes) => retry(running.filter(({ worker }) => failsWith(worker, codes))),
    async stop() {
      isStopped = true;
      alarm.stop();
      unsubscribe();
      forgetLead();
      await Promise.all(running.map((entry) => entry.look));
    },
  };
}

function failsWith(worker: Worker, codes: ReadonlySet<string>): boolean {
  const health = worker.health();
  return 'code' in health && codes.has(health.code);
}

interface Context extends Pick<Ports, 'clock' | 'leadership'> {
  readonly freeze: () => Freeze | undefined;
  readonly turns: Turns;
}

/** The clock time of the next pass. */
function passIfAllowed(
  { controller, worker }: Running,
  { clock, leadership, freeze, turns }: Context,
): Promise<number> | number {
  const frozen = freeze();
  const only = frozen && actionsDespite(frozen, controller);
  if (only?.length === 0) return clock.nowMs() + FROZEN_POLL_MS;
  const follows = controller.scope === 'leader' && leadership.term() === undefined;
  if (follows) return clock.nowMs() + FOLLOWER_LOOK_MS;
  return turns.take(controller.turn, () => worker.runDue(only));
}
