import type { Ports } from '../ports/index.ts';
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
/** Nobody reads it; without one, each abort makes an exception with a stack trace. */
const WOKEN = 'woken';

export interface Manager {
  /** Health by controller name. */
  health(): Readonly<Record<string, WorkerHealth>>;
  /** Everybody looks again at once, whatever failed before: for when the log came back. */
  retryNow(): void;
  /** Resolves once the passes under way have ended. */
  stop(): Promise<void>;
}

interface Running {
  readonly controller: RegisteredController;
  readonly worker: Worker;
  /** Ends the sleep before the next pass, also when it has not begun yet. */
  wake: AbortController;
}

/**
 * Runs controllers until stopped: one loop each, so that a slow pass of one delays no other.
 * While `frozen` says true no pass begins: so an agent that can not read its log does nothing.
 */
export function startManager(
  controllers: readonly RegisteredController[],
  ports: Ports,
  frozen: () => boolean,
): Manager {
  refuseSecondWriters(controllers);
  let isStopped = false;
  const running = controllers.map((controller): Running => {
    return { controller, worker: controller.createWorker(ports), wake: new AbortController() };
  });

  const unsubscribe = ports.store.onChange((kind) => {
    for (const entry of running) {
      if (!entry.controller.inputs.includes(kind)) continue;
      if (entry.worker.enqueue()) entry.wake.abort(WOKEN);
    }
  });

  const forgetLead = ports.leadership.onLead(() => {
    for (const { controller, wake } of running)
      if (controller.scope === 'leader') wake.abort(WOKEN);
  });

  const turns = createTurns();
  const context = { ports, frozen, turns, isStopped: () => isStopped };
  const loops = running.map((entry) => loop(entry, context));
  return {
    health: () => Object.fromEntries(running.map(({ worker }) => [worker.name, worker.health()])),
    retryNow() {
      for (const entry of running) {
        entry.worker.retryNow();
        entry.wake.abort(WOKEN);
      }
    },
    async stop() {
      isStopped = true;
      for (const { wake } of running) wake.abort(WOKEN);
      unsubscribe();
      forgetLead();
      await Promise.all(loops);
    },
  };
}

interface Context {
  readonly ports: Ports;
  readonly frozen: () => boolean;
  readonly turns: Turns;
  readonly isStopped: () => boolean;
}

async function loop(entry: Running, context: Context): Promise<void> {
  const { clock } = context.ports;
  while (!context.isStopped()) {
    if (entry.wake.signal.aborted) entry.wake = new AbortController();
    const nextMs = await passIfAllowed(entry, context);
    await clock.sleep(Math.max(nextMs - clock.nowMs(), MIN_PAUSE_MS), entry.wake.signal);
  }
}

/** Resolves to the clock time of the next pass. */
async function passIfAllowed(
  { controller, worker }: Running,
  { ports: { clock, leadership }, frozen, turns }: Context,
): Promise<number> {
  if (frozen()) return clock.nowMs() + FROZEN_POLL_MS;
  const follows = controller.scope === 'leader' && leadership.term() === undefined;
  if (follows) return clock.nowMs() + FOLLOWER_LOOK_MS;
  return turns.take(controller.turn, () => worker.runDue());
}
