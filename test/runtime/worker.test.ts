import { describe, expect, test } from '@jest/globals';
import { RetryableError, TerminalError } from '../../src/errors.ts';
import type { Controller } from '../../src/runtime/controller.ts';
import { createWorker } from '../../src/runtime/worker.ts';
import type { Requeue } from '../../src/state/requeue.ts';
import { workerPorts } from '../support/worker-ports.ts';

interface Step {
  readonly type: 'step';
}

/** Decides what the script says, pass after pass; acts by counting, or by failing. */
function scripted(script: readonly (readonly (Step | Requeue)[])[], failure?: Error) {
  const seen = { passes: 0, steps: 0 };
  const controller: Controller<number, Step> = {
    name: 'scripted',
    scope: 'node',
    inputs: [],
    outputs: [],
    observe: async () => seen.passes++,
    decide: (pass) => script[Math.min(pass, script.length - 1)] ?? [],
    async act() {
      if (failure) throw failure;
      seen.steps += 1;
    },
  };
  return { controller, seen };
}

const step: Step = { type: 'step' };

describe('worker', () => {
  test('a pass that changed something looks again at once, one that changed nothing after 10 s', async () => {
    const { ports, time } = workerPorts();
    const { controller, seen } = scripted([[step], []]);
    const worker = createWorker(controller, ports);
    expect(await worker.runDue()).toBe(0);
    expect(await worker.runDue()).toBe(10_000);
    time.nowMs = 9_999;
    expect(await worker.runDue()).toBe(10_000);
    expect(seen).toEqual({ passes: 2, steps: 1 });
  });

  test('a requeue ends the pass, names its wait and keeps since when', async () => {
    const { ports, time } = workerPorts();
    const wait = (afterMs: number): Requeue => {
      return { type: 'requeue', afterMs, waiting: { reason: 'peer', message: 'waiting for n2' } };
    };
    const { controller, seen } = scripted([[wait(700), step]]);
    const worker = createWorker(controller, ports);
    expect(await worker.runDue()).toBe(700);
    time.nowMs = 700;
    expect(await worker.runDue()).toBe(1_400);
    expect(seen.steps).toBe(0);
    expect(worker.health()).toEqual({
      state: 'waiting',
      wait: { reason: 'peer', message: 'waiting for n2', sinceWallMs: 1_000_000 },
    });
  });

  test('failures back off from half a second to thirty, and a hint does not cut that short', async () => {
    const { ports, time, events } = workerPorts();
    const { controller } = scripted([[step]], new RetryableError('x.down', 'x is down'));
    const worker = createWorker(controller, ports);
    const pauses: number[] = [];
    for (let pass = 0; pass < 8; pass += 1) {
      const nextMs = await worker.runDue();
      worker.enqueue();
      pauses.push(nextMs - time.nowMs);
      time.nowMs = nextMs;
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(new Set(events)).toEqual(new Set(['action.started', 'reconcile.failed']));
    expect(worker.health()).toEqual({
      state: 'failing',
      code: 'x.down',
      message: 'x is down',
      attempt: 8,
    });
  });

  test('a write that came before the log did is a wait, told to nobody, and tried as often as after a failure', async () => {
    const { ports, time, events } = workerPorts();
    const { controller } = scripted([[step]], new RetryableError('store.not-yet', 'no log yet'));
    const worker = createWorker(controller, ports);
    expect(await worker.runDue()).toBe(500);
    time.nowMs = 500;
    expect(await worker.runDue()).toBe(1_500);
    expect(new Set(events)).toEqual(new Set(['action.started', 'reconcile.too-early']));
    expect(worker.health()).toEqual({
      state: 'waiting',
      wait: { reason: 'log', message: 'no log yet', sinceWallMs: 1_000_000 },
    });
  });

  test('a controller told that the world came back tries at once', async () => {
    const { ports } = workerPorts();
    const { controller } = scripted([[step]], new RetryableError('x.down', 'x is down'));
    const worker = createWorker(controller, ports);
    expect(await worker.runDue()).toBe(500);
    worker.retryNow();
    expect(await worker.runDue()).toBe(500);
    expect(worker.health()).toMatchObject({ attempt: 1 });
  });

  test('a terminal error stalls the controller and says so', async () => {
    const { ports, events } = workerPorts();
    const { controller } = scripted([[step]], new TerminalError('x.bad', 'x is bad'));
    const worker = createWorker(controller, ports);
    expect(await worker.runDue()).toBe(30_000);
    expect(worker.health()).toEqual({ state: 'stalled', code: 'x.bad', message: 'x is bad' });
    expect(events).toContain('reconcile.stalled');
  });

  test('a hint during a pass is not lost, and is worth a pass a moment later', async () => {
    const { ports } = workerPorts();
    const { controller } = scripted([[]]);
    const worker = createWorker(controller, ports);
    const pass = worker.runDue();
    expect(worker.enqueue()).toBe(false);
    expect(await pass).toBe(50);
  });

  test('hints right after a pass are worth one pass together, later ones a pass at once', async () => {
    const { ports, time } = workerPorts();
    const { controller, seen } = scripted([[]]);
    const worker = createWorker(controller, ports);
    await worker.runDue();
    const wakes: boolean[] = [];
    for (time.nowMs = 10; time.nowMs < 50; time.nowMs += 10) {
      wakes.push(worker.enqueue());
      expect(await worker.runDue()).toBe(50);
    }
    expect(wakes).toEqual([true, false, false, false]);
    expect(await worker.runDue()).toBe(10_050);
    time.nowMs = 5_000;
    expect(worker.enqueue()).toBe(true);
    expect(await worker.runDue()).toBe(15_000);
    expect(seen.passes).toBe(3);
  });

  test('a settled controller looks as seldom as it says, until there is something to do or a hint', async () => {
    const { ports, time } = workerPorts();
    const script = [[], [], [], [], [], [], [], [], [step], []];
    const { controller } = scripted(script);
    const worker = createWorker({ ...controller, settledLookMs: 30_000 }, ports);
    const pauses: number[] = [];
    const pass = async () => {
      const nextMs = await worker.runDue();
      pauses.push(nextMs - time.nowMs);
      time.nowMs = nextMs;
    };
    for (let count = 0; count < script.length; count += 1) await pass();
    expect(pauses).toEqual([...Array<number>(6).fill(10_000), 30_000, 30_000, 0, 10_000]);
    for (let count = 0; count < 6; count += 1) await pass();
    expect(pauses.at(-1)).toBe(30_000);
    worker.enqueue();
    await pass();
    expect(pauses.at(-1)).toBe(10_000);
  });

  test('no hint comes from a log that is not heard, so nobody looks seldom then', async () => {
    const { ports, time, store } = workerPorts();
    const { controller } = scripted([[]]);
    const worker = createWorker({ ...controller, settledLookMs: 30_000 }, ports);
    for (let count = 0; count < 9; count += 1) time.nowMs = await worker.runDue();
    store.synced = false;
    const nextMs = await worker.runDue();
    expect(nextMs - time.nowMs).toBe(10_000);
  });

  test('those who look seldom look at the same times, whenever they were busy last', async () => {
    const { ports, time } = workerPorts();
    const settle = async (settledLookMs: number, hintedMs: number) => {
      time.nowMs = 0;
      const worker = createWorker({ ...scripted([[]]).controller, settledLookMs }, ports);
      const looks: number[] = [];
      while (time.nowMs < 240_000) {
        const before = time.nowMs;
        const nextMs = await worker.runDue();
        time.nowMs = before < hintedMs && hintedMs < nextMs ? hintedMs : nextMs;
        if (time.nowMs === hintedMs) worker.enqueue();
        looks.push(nextMs);
      }
      return looks.slice(-2);
    };
    expect(await settle(30_000, 61_234)).toEqual([210_000, 240_000]);
    expect(await settle(60_000, 47_111)).toEqual([180_000, 240_000]);
  });
});
